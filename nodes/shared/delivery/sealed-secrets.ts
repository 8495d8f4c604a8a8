/** Secrets of messages whose pictures wait on disk: sealed there, and known as long as this process lives. */
import type { Seal } from '../../../lib/delivery/outbox';
import { SnapflowError, type System } from '../../../lib/errors';

/** Devices whose secret is remembered. Default 10 000. */
const MAX_KNOWN = 10_000;

export class SealedSecrets {
  readonly #seal: Seal | undefined;
  readonly #system: System;
  /** By lane; the one used longest ago goes first. */
  readonly #known = new Map<string, string>();

  constructor(seal: Seal | undefined, system: System) {
    this.#seal = seal;
    this.#system = system;
  }

  /**
   * What may be written of a secret.
   * @throws SnapflowError `BAD_INPUT` when there is nothing to seal it with
   */
  close(lane: string, secret: string): string {
    if (!this.#seal) {
      throw new SnapflowError(
        'BAD_INPUT',
        'A secret that comes with the message cannot be kept on disk here: store it in the node, or let pictures wait in memory.',
        { system: this.#system },
      );
    }
    this.#known.delete(lane);
    this.#known.set(lane, secret);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return this.#seal.close(secret);
  }

  /** @throws SnapflowError of class `hold` when it cannot be opened and no message of the device came since */
  open(lane: string, sealed: string): string {
    const secret = this.#seal?.open(sealed) ?? this.#known.get(lane);
    if (secret !== undefined) return secret;
    throw new SnapflowError(
      'AUTH_REJECTED',
      'The secret of this waiting picture was sealed with another key than the one of today. Put the former key back, or send a picture of the same device: its secret then serves for those that wait.',
      { system: this.#system, details: { failure: 'hold' } },
    );
  }
}
