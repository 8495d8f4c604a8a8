/** What every simulator offers, so that a node or a test can run any of them without knowing which. */

/** A fault that can be switched on. */
export interface Fault {
  /** Stable name, such as `slow`. */
  readonly name: string;
  /** English sentence for people; `lib/texts` has the translation. */
  readonly text: string;
}

export interface FaultOptions {
  /** Milliseconds, for faults that delay. Default 5 000. */
  ms?: number;
  /** HTTP status, for faults that answer with an error. Default: the usual one of the simulated server. */
  status?: number;
  /** Requests that meet the fault before it is over by itself. Default: until another is set. */
  times?: number;
}

export interface SimulatorAddress {
  /** `http://127.0.0.1:<port>` or `https://…` */
  url: string;
  port: number;
  /** SHA-256 of its certificate, when it speaks TLS: upper-case hex, colon separated. */
  fingerprint?: string;
}

export interface Simulator {
  /** The faults it knows. */
  readonly faults: readonly Fault[];
  /** Name of the fault that is on. */
  readonly fault: string | undefined;
  /** What it counted since it was made, such as `requests` and `connections`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Tells of each request that it has dealt with; without a status its connection broke before the answer. */
  on(event: 'request', listener: (request: { status?: number }) => void): unknown;
  /**
   * Opens it on loopback. Started already: the same address.
   * @throws SnapflowError `BAD_INPUT` when the port is taken or not allowed
   */
  start(): Promise<SimulatorAddress>;
  /** Ends it and every connection at once. It can be started again. */
  stop(): Promise<void>;
  /**
   * Switches a fault on, or (without a name) back to normal.
   * @throws SnapflowError `BAD_INPUT` when it does not know the fault
   */
  setFault(name?: string, options?: FaultOptions): Promise<void>;
}
