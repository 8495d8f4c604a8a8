/** Something that is open for the length of one action of a dialog. */
interface Closable {
  close(): Promise<void>;
}

/** Works, then closes it; at once when the browser goes away. */
export async function closing<T>(thing: Closable, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const close = () => void thing.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', close);
    await thing.close();
  }
}
