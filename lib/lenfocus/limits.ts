/** Every limit of the server, with its default and unit. */

export interface LenfocusLimits {
  /** Bytes of one WebSocket message. Default 16 777 216 (16 MiB): a file read from a device comes as one. */
  maxFrameBytes: number;
  /** Bytes of one HTTP body. Default 16 777 216 (16 MiB). */
  maxBodyBytes: number;
  /** Bytes of JSON outside its long texts, in a body or a message. Default 1 048 576 (1 MiB). */
  maxTextBytes: number;
  /** Texts of 512 bytes and more (pictures) in one body or message. Default 64. */
  maxLongTexts: number;
  /** Bytes of HTTP bodies held in all. Beyond, all but the furthest body wait; beyond twice as many, new
   * requests are answered 503. Default 134 217 728 (128 MiB). */
  maxBytesInFlight: number;
  /** Milliseconds for the headers of an HTTP request. Default 10 000. */
  headerTimeoutMs: number;
  /** Milliseconds for a whole body. Default 120 000. */
  bodyTimeoutMs: number;
  /** Milliseconds without a byte of a body that is awaited. Default 15 000. */
  bodyStallMs: number;
  /** Milliseconds that an idle HTTP connection stays open. Default 65 000. */
  keepAliveMs: number;
  /** Open connections in all. Default 20 000. */
  maxConnections: number;
  /** Open connections of one address. Default 1 024: a whole site may come from behind one router. */
  maxConnectionsPerAddress: number;
  /** Milliseconds that a WebSocket may stay without connecting successfully. Default 20 000. */
  strangerTimeoutMs: number;
  /** Bytes that a WebSocket may send before it is let in. Default 65 536. */
  maxStrangerBytes: number;
  /** Milliseconds that a device which was answered 421 is kept connected. Default 300 000. */
  provisionMs: number;
  /** WebSocket messages of one device a second; more of them wait. Default 200. */
  messagesPerSecond: number;
  /** Bytes that wait to be read by one device; beyond, it is disconnected. Default 33 554 432 (32 MiB). */
  maxUnreadBytes: number;
  /** Different SNs, and attempts of one SN, that an address may be refused in a minute. Default 60. */
  attemptsPerMinute: number;
  /** Devices listed as wanting to join. Default 1 000. */
  maxJoinRequests: number;
  /** Commands sent to one device and not yet answered; more wait their turn. Default 4. */
  commandsPerDevice: number;
  /** Commands that wait, for their turn or for an offline device, in all. Default 10 000. */
  maxWaitingCommands: number;
  /** Entries of a list that is fetched whole. Default 10 000. */
  maxListItems: number;
  /** Pictures remembered to recognise duplicates. Default 10 000. */
  maxRememberedPictures: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Readonly<LenfocusLimits> = {
  maxFrameBytes: 16 * MiB,
  maxBodyBytes: 16 * MiB,
  maxTextBytes: MiB,
  maxLongTexts: 64,
  maxBytesInFlight: 128 * MiB,
  headerTimeoutMs: 10_000,
  bodyTimeoutMs: 120_000,
  bodyStallMs: 15_000,
  keepAliveMs: 65_000,
  maxConnections: 20_000,
  maxConnectionsPerAddress: 1_024,
  strangerTimeoutMs: 20_000,
  maxStrangerBytes: 65_536,
  provisionMs: 300_000,
  messagesPerSecond: 200,
  maxUnreadBytes: 32 * MiB,
  attemptsPerMinute: 60,
  maxJoinRequests: 1_000,
  commandsPerDevice: 4,
  maxWaitingCommands: 10_000,
  maxListItems: 10_000,
  maxRememberedPictures: 10_000,
};
