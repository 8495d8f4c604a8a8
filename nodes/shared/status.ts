/**
 * A node's status line: a short word, changed only when it says something new and at most twice a second,
 * because Node-RED sends each status to every open editor.
 */
import type { Lifetime } from './lifetime';
import type { Red, RedNode, StatusLook } from './red';
import { sharedKey } from './words';

/** Milliseconds between two status messages of one node; the last one always arrives. Default 500. */
const STATUS_INTERVAL_MS = 500;

export type Tone = 'ok' | 'busy' | 'waiting' | 'idle' | 'error';

const LOOKS: Record<Tone, StatusLook> = {
  ok: { fill: 'green', shape: 'dot' },
  busy: { fill: 'blue', shape: 'dot' },
  waiting: { fill: 'yellow', shape: 'dot' },
  idle: { fill: 'grey', shape: 'ring' },
  error: { fill: 'red', shape: 'ring' },
};

export class Status {
  readonly #red: Red;
  readonly #node: RedNode;
  readonly #intervalMs: number;
  readonly #closed: AbortSignal;
  #wanted: StatusLook = {};
  #said = '{}';
  /** Runs while nothing more may be sent. */
  #quiet: NodeJS.Timeout | undefined;

  constructor(red: Red, node: RedNode, life: Lifetime, intervalMs = STATUS_INTERVAL_MS) {
    this.#red = red;
    this.#node = node;
    this.#intervalMs = intervalMs;
    this.#closed = life.signal;
    life.own(() => clearTimeout(this.#quiet));
  }

  /**
   * Shows a word. It is sent as a locale key: each editor translates it into its own user's language.
   * @param key key of the node's own catalogue, or `sharedKey(…)`
   */
  word(tone: Tone, key: string): void {
    this.#want({ ...LOOKS[tone], text: key });
  }

  /** Shows a word with numbers, in the language of the runtime (an editor fills no places). */
  text(tone: Tone, key: string, values: Record<string, string | number>): void {
    this.#want({ ...LOOKS[tone], text: this.#red._(key, values) });
  }

  /** Shows text that is the same in every language, such as an address. */
  plain(tone: Tone, text: string): void {
    this.#want({ ...LOOKS[tone], text });
  }

  /** Shows the word for an error's code. */
  error(code: string): void {
    this.word('error', sharedKey(`status.${code}`));
  }

  clear(): void {
    this.#want({});
  }

  #want(look: StatusLook): void {
    // The status of a closed node is that of the node which takes its place.
    if (this.#closed.aborted) return;
    this.#wanted = look;
    if (this.#quiet === undefined) this.#send();
  }

  #send(): void {
    const said = JSON.stringify(this.#wanted);
    if (said === this.#said) return;
    this.#said = said;
    this.#node.status(this.#wanted);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.#send();
    }, this.#intervalMs);
  }
}
