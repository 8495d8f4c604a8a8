/** Which connection carries a request: undici does not tell, and a call must know whether it was used before. */
import type { Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';

/** A connection that carries requests one after the other. */
export interface Line {
  /** Takes the connection for a request of the user; true when it has carried one before. */
  take(user: LineUser): boolean;
  /** Bytes of the request that have not left this machine. */
  readonly unsentBytes: number;
  /**
   * Ends the connection if it is still the user's. (undici's own abort would connect anew at once, only to find
   * that there is nothing to send: a second call for a camera that just did not answer.)
   */
  cut(user: LineUser, error: Error): void;
}

export interface LineUser {
  /** Set when a request is given to a connection; it is the user's once it has taken it. */
  line: Line | undefined;
}

/** undici's options of a request, which it hands through to the connection as they are. */
export interface LineOptions extends Dispatcher.DispatchOptions {
  user: LineUser;
}

/** The present socket of an undici client, which has one at a time. */
export class Wire implements Line {
  #socket: Socket | undefined;
  #used = false;
  #user: LineUser | undefined;

  watch(connect: buildConnector.connector): buildConnector.connector {
    return (target, done) => {
      connect(target, (...result) => {
        this.#socket = result[1] ?? undefined;
        this.#used = false;
        done(...result);
      });
    };
  }

  take(user: LineUser): boolean {
    const reused = this.#used;
    this.#used = true;
    this.#user = user;
    return reused;
  }

  get unsentBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  cut(user: LineUser, error: Error): void {
    if (this.#user === user) this.#socket?.destroy(error);
  }
}
