/** The one way in which a node takes messages: every failure is caught and told, every message done once. */
import { isSnapflowError } from '../../lib/errors';
import { nodeError } from './error-text';
import type { NodeParts } from './node';
import type { Message, Send } from './red';
import { runtimeLanguage } from './words';

/** Works on one message; resolves when the message is dealt with, rejects with what went wrong. */
export type Work = (msg: Message, send: Send) => Promise<void> | void;

/**
 * Gives a node's messages to `work`. A failure becomes the status word of its code and an error for Catch
 * nodes, with `code`, `system`, `platform` and `retryable`, its sentence in the runtime's language.
 */
export function onInput({ RED, node, status }: NodeParts, work: Work): void {
  const run = async (msg: Message, send: Send): Promise<Error | undefined> => {
    try {
      await work(msg, send);
      return undefined;
    } catch (error) {
      status.error(isSnapflowError(error) ? error.code : 'UNEXPECTED');
      return nodeError(error, runtimeLanguage(RED));
    }
  };
  // Three declared parameters: Node-RED counts them to know that `done` will be called.
  node.on('input', (msg, send, done) => {
    run(msg, send)
      .then(done)
      .catch((error: unknown) => node.error(String(error), msg));
  });
}
