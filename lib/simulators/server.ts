/**
 * The part that all simulated servers share: they read a request whole, meet the fault that is on, answer, count,
 * and end at once. What to answer is the subclass's.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import { selfSignedCertificate, type SelfSigned } from './certificate';
import { exchangeOf, readBody, sendReply, type Exchange, type Reply } from './exchange';
import { Listener, LOOPBACK } from './listener';
import type { Fault, FaultOptions, Simulator, SimulatorAddress } from './simulator';

export interface SimulatorServerOptions {
  /** Default 0: any free port. After the fault `off` it comes back on the same one. */
  port?: number;
  /** Speak TLS: `true` with a self-signed certificate made for it, or with the one given. Default: plain HTTP. */
  tls?: boolean | SelfSigned;
  /** Milliseconds before each answer, as a network would take. Default 0. */
  latencyMs?: number;
  /** Bytes of a request's body. Default 16 777 216 (16 MiB). */
  maxRequestBytes?: number;
  /** Milliseconds since 1970, for what depends on time. Default: `Date.now`. */
  now?: () => number;
}

/** A request and what became of it. It holds credentials: for tests, never for a log. */
export interface ServedRequest extends Exchange {
  /** Undefined when the connection broke before the answer. */
  status?: number;
}

export interface ActiveFault extends FaultOptions {
  name: string;
}

/** The faults that every simulated server knows. */
export const SERVER_FAULTS: readonly Fault[] = [
  { name: 'off', text: text('Switched off: refuses connections') },
  { name: 'reset', text: text('Breaks every connection off') },
  { name: 'slow', text: text('Answers late') },
  { name: 'error', text: text('Answers with an HTTP error (5xx)') },
  { name: 'empty', text: text('Answers with an empty body') },
  { name: 'garbage', text: text('Answers with random bytes') },
];

export abstract class SimulatorServer
  extends EventEmitter<{ request: [ServedRequest] }>
  implements Simulator
{
  abstract readonly faults: readonly Fault[];
  readonly counters: Record<string, number> = { requests: 0, connections: 0 };

  private readonly certificate: SelfSigned | undefined;
  private readonly listener: Listener;
  private address: SimulatorAddress | undefined;
  private activeFault: ActiveFault | undefined;
  /** Aborted when connections end, so that no answer waits on. */
  private ending = new AbortController();
  private lastStep: Promise<unknown> = Promise.resolve();

  /** @param name common name of its certificate */
  constructor(
    name: string,
    private readonly serverOptions: SimulatorServerOptions,
  ) {
    super();
    const { tls } = serverOptions;
    this.certificate = tls === true ? selfSignedCertificate({ commonName: name }) : tls || undefined;
    this.listener = new Listener({
      certificate: this.certificate,
      serve: (request, response) => void this.serve(request, response),
      connected: () => this.count('connections'),
    });
  }

  get fault(): string | undefined {
    return this.activeFault?.name;
  }

  start(): Promise<SimulatorAddress> {
    return this.inTurn(async () => {
      this.address ??= await this.open(this.serverOptions.port ?? 0);
      if (this.fault === 'off') await this.close();
      return this.address;
    });
  }

  stop(): Promise<void> {
    return this.inTurn(async () => {
      this.address = undefined;
      await this.close();
    });
  }

  async setFault(name?: string, options: FaultOptions = {}): Promise<void> {
    const known = this.faults.map((fault) => fault.name);
    if (name !== undefined && !known.includes(name)) {
      throw new SnapflowError('BAD_INPUT', 'The simulator knows no fault “{{name}}”. Known are: {{known}}.', {
        values: { name, known: known.join(', ') },
      });
    }
    this.activeFault = name === undefined ? undefined : { ...options, name };
    await this.inTurn(async () => {
      if (this.fault === 'off') await this.close();
      else if (this.address && !this.listener.isOpen) await this.open(this.address.port);
    });
  }

  /** The reply to one request. It asks `meetFault` and `spoil` where the faults shall strike. */
  protected abstract answer(exchange: Exchange): Reply | Promise<Reply>;

  /** The reply with an HTTP error that the fault `error` gives; without a status its own usual one. */
  protected abstract errorReply(status?: number): Reply;

  /** The reply to a body over `maxRequestBytes`. */
  protected tooLargeReply(): Reply {
    return this.errorReply(413);
  }

  /** The fault that is on for this request; counts down its `times`. */
  protected meetFault(): ActiveFault | undefined {
    const fault = this.activeFault;
    if (fault?.times !== undefined && --fault.times <= 0) this.activeFault = undefined;
    return fault;
  }

  /** What a fault common to all servers makes of a request; undefined: go on. */
  protected async spoil(fault: ActiveFault | undefined): Promise<Reply | undefined> {
    switch (fault?.name) {
      case 'reset':
        return { status: 200, breakAfter: 0 };
      case 'slow':
        await this.wait(fault.ms ?? 5_000);
        return undefined;
      case 'error':
        return this.errorReply(fault.status);
      case 'empty':
        return { status: 200 };
      case 'garbage':
        return {
          status: 200,
          headers: { 'content-type': 'application/octet-stream' },
          body: randomBytes(512),
        };
      default:
        return undefined;
    }
  }

  protected count(name: string): void {
    this.counters[name] = (this.counters[name] ?? 0) + 1;
  }

  protected now(): number {
    return (this.serverOptions.now ?? Date.now)();
  }

  /** The address while it is started. */
  protected get url(): string | undefined {
    return this.address?.url;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.count('requests');
    const { latencyMs = 0, maxRequestBytes = 16_777_216 } = this.serverOptions;
    const exchange = exchangeOf(request);
    let status: number | undefined;
    response.once('close', () => this.emit('request', { ...exchange, ...(status && { status }) }));
    try {
      const body = await readBody(request, maxRequestBytes);
      if (latencyMs > 0) await this.wait(latencyMs);
      exchange.body = body ?? exchange.body;
      const reply = body ? await this.answer(exchange) : this.tooLargeReply();
      if (reply.breakAfter !== 0) status = reply.status;
      sendReply(response, reply);
    } catch (error) {
      if (request.socket.destroyed || this.ending.signal.aborted) response.destroy();
      else sendReply(response, { status: 500, body: `The simulator failed: ${String(error)}\n` });
    }
  }

  private wait(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.ending.signal });
  }

  private async open(port: number): Promise<SimulatorAddress> {
    this.ending = new AbortController();
    const opened = await this.listener.open(port);
    const { certificate } = this;
    return {
      url: `${certificate ? 'https' : 'http'}://${LOOPBACK}:${opened}`,
      port: opened,
      ...(certificate && { fingerprint: certificate.fingerprint }),
    };
  }

  private async close(): Promise<void> {
    this.ending.abort();
    await this.listener.close();
  }

  /** One after the other, so that a port is closed before it is opened again. */
  private inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.lastStep.then(step);
    this.lastStep = turn.catch(() => undefined);
    return turn;
  }
}
