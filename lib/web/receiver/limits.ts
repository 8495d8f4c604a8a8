/** Every limit of a receiver, with its default and unit. */

export interface ReceiverLimits {
  /** Bytes of one body. Default 16 777 216 (16 MiB). */
  maxBodyBytes: number;
  /** Pictures of one request. Default 32. */
  maxPictures: number;
  /** Parts of one form. Default 64. */
  maxParts: number;
  /** Fields of one form that are no files. Default 64. */
  maxFields: number;
  /** Bytes of bodies held in all. Beyond, all but the furthest body wait; beyond twice as many, new requests are
   * answered 503. Default 134 217 728 (128 MiB). */
  maxBytesInFlight: number;
  /** Milliseconds for the headers of a request. Default 10 000. */
  headerTimeoutMs: number;
  /** Milliseconds for a whole body. Default 60 000. */
  bodyTimeoutMs: number;
  /** Milliseconds without a byte of a body that is awaited. Default 15 000. */
  bodyStallMs: number;
  /** Milliseconds that an idle connection stays open. Default 65 000. */
  keepAliveMs: number;
  /** Open connections in all. Default 1 000. */
  maxConnections: number;
  /** Open connections of one address. Default 256: a whole site may come from behind one router. */
  maxConnectionsPerAddress: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_RECEIVER_LIMITS: Readonly<ReceiverLimits> = {
  maxBodyBytes: 16 * MiB,
  maxPictures: 32,
  maxParts: 64,
  maxFields: 64,
  maxBytesInFlight: 128 * MiB,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 60_000,
  bodyStallMs: 15_000,
  keepAliveMs: 65_000,
  maxConnections: 1_000,
  maxConnectionsPerAddress: 256,
};
