import type { DeliveryState } from './state';

/** Tells a listener about a new state: at most once per turn of the event loop, after all of the turn's changes. */
export class Announcer<State extends DeliveryState> {
  readonly #read: () => State;
  readonly #listener: ((state: State) => void) | undefined;
  #due = false;

  constructor(read: () => State, listener: ((state: State) => void) | undefined) {
    this.#read = read;
    this.#listener = listener;
  }

  changed(): void {
    if (!this.#listener || this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      this.#listener?.(this.#read());
    });
  }
}
