/** One device that is connected, and the socket it is connected by. Kept small: there is one per camera. */
import type { WebSocket } from 'ws';
import type { PendingCommand } from '../commands/pending';
import type { DeviceRecord } from '../registry/types';

/** An open WebSocket, of a device or of somebody who has yet to say who it is. */
export class Connection {
  /** When anything last came. As all here, milliseconds of the clock that never jumps. */
  seenAt: number;
  /** When it was last pinged. */
  pingedAt = 0;
  /** Messages since the last sweep. */
  messages = 0;
  /** SN that it gave, whether or not it was let in. */
  sn = '';
  session: Session | undefined;

  constructor(
    readonly socket: WebSocket,
    /** IP address it comes from. */
    readonly address: string,
    readonly openedAt: number,
  ) {
    this.seenAt = openedAt;
  }
}

export class Session {
  /** `''` for a device that was answered 421 and waits to be set up. */
  token = '';
  /** Milliseconds of the clock that never jumps. */
  expiresAt = 0;
  /** The token before the last update is good for a moment longer: a report may be on its way with it. */
  previousToken = '';
  previousUntil = 0;
  /** Commands sent and not yet answered, by message id. Made when there is one. */
  pending: Map<string, PendingCommand> | undefined;

  constructor(
    readonly sn: string,
    /** As the device said; `''` when it has none. */
    readonly did: string,
    /** What the registry says of it now. */
    public record: DeviceRecord | undefined,
    readonly connection: Connection,
    /** Milliseconds since 1970. */
    readonly connectedAt: number,
  ) {}

  /** False while it waits to be set up. */
  get isOnline(): boolean {
    return this.token !== '';
  }
}

/** What messages say about a device. */
export interface DeviceFacts {
  sn: string;
  /** `''` when neither the device nor the registry has one. */
  did: string;
  /** As the registry has it. */
  name?: string;
  address: string;
}

export function factsOf(session: Session): DeviceFacts {
  const name = session.record?.name;
  return {
    sn: session.sn,
    did: session.did || (session.record?.did ?? ''),
    ...(name !== undefined && { name }),
    address: session.connection.address,
  };
}
