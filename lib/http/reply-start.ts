/** The first bytes of a reply, to tell by them what it is. */

/**
 * Reads at least `bytes` bytes, unless the body is shorter or breaks off.
 * @returns them, and the whole body with them: it must be read or ended
 */
export async function readStart(
  body: AsyncIterable<Buffer>,
  bytes: number,
): Promise<{ start: Buffer; whole: AsyncIterable<Buffer> }> {
  const rest = body[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let failure: unknown;
  try {
    for (let length = 0; length < bytes; length += first.at(-1)!.length) {
      const next = await rest.next();
      if (next.done === true) break;
      first.push(next.value);
    }
  } catch (error) {
    failure = error;
  }
  return { start: Buffer.concat(first), whole: replay(first, rest, failure) };
}

/** A failure is told after the bytes that came before it. Whoever stops early ends the body, however far it has read. */
async function* replay(
  first: Buffer[],
  rest: AsyncIterator<Buffer>,
  failure: unknown,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* first;
    if (failure) throw failure as Error;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    await rest.return?.();
  }
}

export async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
