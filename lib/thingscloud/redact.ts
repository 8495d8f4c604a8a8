/** Replaces secrets in what a server echoes (an error page repeats the path, and with it the AccessToken). */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) redacted = redacted.replaceAll(form, '***');
  }
  return redacted;
}
