/** A node without a runtime: what it was told is kept. For helpers that need no flow. */
import type { RedNode, StatusLook } from '../../../nodes/shared/red';

export interface FakeNode extends RedNode {
  looks: StatusLook[];
  warnings: string[];
  /** Closes it as Node-RED does; resolves when the node says that it is closed. */
  close(): Promise<void>;
}

export function fakeNode(credentials: Record<string, string> = {}): FakeNode {
  const closers: Array<(removed: boolean, done: () => void) => void> = [];
  const node = {
    id: 'n',
    type: 'fake',
    credentials,
    looks: [] as StatusLook[],
    warnings: [] as string[],
    on(event: string, handler: unknown) {
      if (event === 'close') closers.push(handler as (removed: boolean, done: () => void) => void);
    },
    context: () => ({
      get: (_key: string, callback: (error: null, value: unknown) => void) => callback(null, undefined),
      set: (_key: string, _value: unknown, callback: () => void) => callback(),
    }),
    send() {},
    receive() {},
    status(look: StatusLook) {
      node.looks.push(look);
    },
    log() {},
    warn(text: string) {
      node.warnings.push(text);
    },
    error() {},
    async close() {
      await Promise.all(closers.map((closer) => new Promise<void>((done) => closer(false, done))));
    },
  };
  return node;
}
