import { asSnapflowError } from './after-failure';
import type { Attempt } from './work';
import { classifyFailure, type FailureClass } from './failure';
import type { SnapflowError, System } from '../errors';
import type { Ticket } from './ticket';

export interface SendOptions<Item, Result> {
  /** Sends one thing. Must end soon after the signal aborts; rejects with a `SnapflowError`. */
  send(item: Item, attempt: Attempt): Promise<Result>;
  /** What a failure asks for. Default: `classifyFailure`. */
  classify?: (error: SnapflowError) => FailureClass;
  /** Makes a thing smaller after a failure of class `fix`, once. Without it such a failure is final. */
  fix?: (item: Item, error: SnapflowError, signal: AbortSignal) => Promise<Item>;
}

/** Sends things, made smaller first where the platform asked for it. */
export class Sender<Item, Result> {
  readonly #options: SendOptions<Item, Result>;
  readonly #system: System;
  /** Failures of `fix`: whatever their code, the thing cannot be sent. */
  readonly #final = new WeakSet<SnapflowError>();

  constructor(options: SendOptions<Item, Result>, system: System = 'snapflow') {
    this.#options = options;
    this.#system = system;
  }

  get canFix(): boolean {
    return this.#options.fix !== undefined;
  }

  async send(ticket: Ticket, item: Item, attempt: Attempt): Promise<Result> {
    const fitting = ticket.tooLarge ? await this.#fix(item, ticket.tooLarge, attempt.signal) : item;
    return await this.#options.send(fitting, attempt);
  }

  classify(error: SnapflowError): FailureClass {
    if (this.#final.has(error)) return 'refuse';
    return (this.#options.classify ?? classifyFailure)(error);
  }

  async #fix(item: Item, tooLarge: SnapflowError, signal: AbortSignal): Promise<Item> {
    try {
      return (await this.#options.fix?.(item, tooLarge, signal)) ?? item;
    } catch (thrown) {
      const error = asSnapflowError(thrown, this.#system);
      if (error.code !== 'CLOSED') this.#final.add(error);
      throw error;
    }
  }
}
