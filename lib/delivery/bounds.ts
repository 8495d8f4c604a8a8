import { SnapflowError, type System } from '../errors';
import { checkNumber } from './dispatch-options';

export interface BoundsOptions {
  /** Things that may wait, those being sent included. Default 1 000. */
  maxItems?: number;
  /** Bytes of those. Default 268 435 456 (256 MiB). */
  maxBytes?: number;
}

/** How much may wait. */
export class Bounds {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly #system: System;

  /** @throws SnapflowError `BAD_INPUT` for a limit that is none */
  constructor(options: BoundsOptions, system: System = 'snapflow') {
    this.maxItems = options.maxItems ?? 1_000;
    this.maxBytes = options.maxBytes ?? 268_435_456;
    this.#system = system;
    checkNumber('maxItems', this.maxItems, 1, system);
    checkNumber('maxBytes', this.maxBytes, 1, system);
  }

  hasRoom(items: number, bytes: number): boolean {
    return items <= this.maxItems && bytes <= this.maxBytes;
  }

  /** The error for one more thing on top of what waits. */
  refusal(waiting: number, waitingBytes: number, bytes: number): SnapflowError {
    if (bytes > this.maxBytes) {
      return new SnapflowError(
        'TOO_LARGE',
        'This alone has {{bytes}} bytes, more than the {{limit}} bytes that may wait in all.',
        { system: this.#system, values: { bytes, limit: this.maxBytes } },
      );
    }
    return new SnapflowError(
      'QUEUE_FULL',
      waiting >= this.maxItems
        ? 'No room: {{waiting}} are waiting already, the limit is {{limit}}. What waits is kept; this one was not taken.'
        : 'No room: {{waitingBytes}} bytes are waiting already, the limit is {{limit}}. What waits is kept; this one was not taken.',
      {
        system: this.#system,
        values: { waiting, waitingBytes, limit: waiting >= this.maxItems ? this.maxItems : this.maxBytes },
      },
    );
  }
}
