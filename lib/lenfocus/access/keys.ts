/** Public keys as users paste them, and one parsed `KeyObject` per key: parsing costs five verifications. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { SnapflowError } from '../../errors';

/**
 * Reads an RSA public key: PEM (`PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`, line breaks may be `\n` or
 * lost) or the base64 of its DER.
 * @throws SnapflowError `BAD_INPUT` with what is wrong; the key itself is never in the text
 */
export function readPublicKey(text: string): KeyObject {
  const trimmed = text.replaceAll('\\n', '\n').trim();
  if (trimmed.includes('PRIVATE KEY')) {
    throw new SnapflowError(
      'BAD_INPUT',
      "This is a private key. Enter the camera's public key; the private one must stay in the camera.",
      { system: 'lenfocus' },
    );
  }
  for (const read of trimmed.startsWith('-----') ? [fromPem] : [fromSpki, fromPkcs1]) {
    const key = attempt(() => read(trimmed));
    if (key?.asymmetricKeyType === 'rsa') return key;
  }
  throw new SnapflowError(
    'BAD_INPUT',
    'The public key cannot be read. Enter an RSA key as PEM text or as the base64 of its DER form.',
    { system: 'lenfocus' },
  );
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Written anew, because keys kept in one line of a table have lost their line breaks. */
function fromPem(text: string): KeyObject {
  const match = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END \1-----/.exec(text);
  const body = (match?.[2] ?? '').replace(/\s+/g, '');
  const lines = body.match(/.{1,64}/g) ?? [];
  return createPublicKey(
    [`-----BEGIN ${match?.[1]}-----`, ...lines, `-----END ${match?.[1]}-----`].join('\n'),
  );
}

function fromSpki(text: string): KeyObject {
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
}

function fromPkcs1(text: string): KeyObject {
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs1' });
}

/** Keys by their text; a fleet with one common key parses it once, one with a key each once per device. */
export class KeyCache {
  private readonly keys = new Map<string, KeyObject>();

  /** @param maxKeys texts kept; beyond, the oldest is parsed again when it is needed */
  constructor(private readonly maxKeys = 20_000) {}

  /** @throws SnapflowError `BAD_INPUT`, see `readPublicKey` */
  get(text: string): KeyObject {
    const cached = this.keys.get(text);
    if (cached) return cached;
    const key = readPublicKey(text);
    const oldest = this.keys.keys().next();
    if (this.keys.size >= this.maxKeys && !oldest.done) this.keys.delete(oldest.value);
    this.keys.set(text, key);
    return key;
  }
}
