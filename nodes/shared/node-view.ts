/**
 * The last picture of a node, for the badge that the editor shows on it (`snapflow-badge.html`).
 *
 * All open editors hear what the last picture is: a few numbers, kept by Node-RED for those that open later. Its bytes
 * are fetched by whoever opens the badge (`node-view-route`). A node keeps one picture, and none unless its
 * option is on.
 */
import { systemClock, type Clock } from '../../lib/clock';
import { isSnapflowError } from '../../lib/errors';
import { readPictureHeader, type PictureFormat } from '../../lib/picture';
import type { Lifetime } from './lifetime';
import { shelfOf } from './node-view-route';
import type { Message, Red, RedNode } from './red';

/** Milliseconds between two pictures shown by one node; the last one is always shown. Default 1000. */
const VIEW_INTERVAL_MS = 1000;

/** Bytes above which an editor fetches a picture only when its user says so. Default 8 MiB. */
export const MAX_SHOWN_BYTES = 8 * 1024 * 1024;

/** What the editors are told. */
export interface ShownPicture {
  /** Id under which the runtime knows the node: inside a subflow not the one of the editor. */
  node: string;
  format: PictureFormat;
  width: number;
  height: number;
  bytes: number;
  /** When the node had it, milliseconds since 1970. */
  at: number;
  /** Above `maxShownBytes`. */
  large: boolean;
}

export interface NodeViewOptions {
  /** The option `view` of the node. Default: off. */
  on?: boolean;
  intervalMs?: number;
  maxShownBytes?: number;
  clock?: Clock;
}

export class NodeView {
  readonly #red: Red;
  readonly #id: string;
  readonly #topic: string;
  readonly #on: boolean;
  readonly #closed: AbortSignal;
  readonly #options: Required<Omit<NodeViewOptions, 'on'>>;
  /** Came while nothing more may be told. */
  #next: Buffer | undefined;
  /** Runs while nothing more may be told. */
  #quiet: unknown;

  constructor(red: Red, node: RedNode, life: Lifetime, options: NodeViewOptions = {}) {
    const {
      on = false,
      intervalMs = VIEW_INTERVAL_MS,
      maxShownBytes = MAX_SHOWN_BYTES,
      clock = systemClock,
    } = options;
    this.#red = red;
    this.#id = node.id;
    // The editor draws the subflow, not its instances: they share the badge.
    this.#topic = `snapflow/view/${node._alias ?? node.id}`;
    this.#on = on;
    this.#closed = life.signal;
    this.#options = { intervalMs, maxShownBytes, clock };
    if (on) life.own(() => this.#end());
  }

  /** Shows the picture that a message carries. What is no picture changes nothing. */
  show({ payload }: Message): void {
    if (!this.#on || this.#closed.aborted || !Buffer.isBuffer(payload)) return;
    this.#next = payload;
    if (this.#quiet === undefined) this.#tell();
  }

  /** Shows the last of the pictures that messages carry, and gives the messages back to be sent. */
  of<M extends Message>(messages: M[]): M[] {
    const last = messages.at(-1);
    if (last) this.show(last);
    return messages;
  }

  #tell(): void {
    const data = this.#next;
    this.#next = undefined;
    if (!data) return;
    const { clock, intervalMs, maxShownBytes } = this.#options;
    const picture = headerOf(data);
    if (!picture) return;
    const large = data.length > maxShownBytes;
    // A copy: the flow may change its bytes, and they may be a slice of a much longer reply.
    shelfOf(this.#red).set(this.#id, { data: Buffer.from(data), mime: picture.mime, large });
    const { format, width, height } = picture;
    const shown: ShownPicture = {
      node: this.#id,
      format,
      width,
      height,
      bytes: data.length,
      at: clock.now(),
      large,
    };
    this.#red.comms.publish(this.#topic, shown, true);
    this.#quiet = clock.setTimeout(() => {
      this.#quiet = undefined;
      this.#tell();
    }, intervalMs);
  }

  #end(): void {
    if (this.#quiet !== undefined) this.#options.clock.clearTimeout(this.#quiet);
    this.#next = undefined;
    // Not retained: Node-RED forgets what it kept, and the editors take the badge away.
    if (shelfOf(this.#red).delete(this.#id)) this.#red.comms.publish(this.#topic, {}, false);
  }
}

function headerOf(data: Buffer): ReturnType<typeof readPictureHeader> | undefined {
  try {
    return readPictureHeader(data);
  } catch (error) {
    if (isSnapflowError(error)) return undefined;
    throw error;
  }
}
