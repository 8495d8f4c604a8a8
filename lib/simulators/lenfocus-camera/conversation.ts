/** What the camera says over its WebSocket (chapter 一): connects, beats, renews its token, answers commands. */
import { randomBytes } from 'node:crypto';
import type { Device } from './device';
import type { LenfocusFault } from './faults';
import type { Identity } from './identity';
import { Link, type LinkOptions } from './link';
import type { Answer, Params } from './pages';
import type { ReportStyle } from './reports';

export interface ConversationOptions extends LinkOptions {
  identity: Identity;
  device: Device;
  did: string | undefined;
  style: ReportStyle;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface ConversationHandlers {
  onOnline(): void;
  onOffline(): void;
  /** `/connect` was refused with this code. */
  onRefused(code: number): void;
  /** A command was answered. */
  onAnswered(uri: string, code: number): void;
  count(name: string): void;
}

const NOT_REGISTERED = 421;
const UNAUTHORISED = 401;
const IP = '192.168.100.168';

export class Conversation {
  /** While it is let in. */
  token: string | undefined;
  /** How it misbehaves. */
  fault: LenfocusFault | undefined;
  /** Milliseconds that the fault `slow` takes. */
  slowMs = 5_000;
  private readonly link: Link;
  private lastConnect: Params | undefined;
  private timers: NodeJS.Timeout[] = [];
  private messages = 0;

  constructor(
    private readonly options: ConversationOptions,
    private readonly handlers: ConversationHandlers,
  ) {
    this.link = new Link(options, {
      onOpen: () => this.connect(),
      onFrame: (frame) => this.received(frame),
      onClose: () => this.ended(),
    });
  }

  get isOnline(): boolean {
    return this.token !== undefined && this.link.isOpen;
  }

  begin(): void {
    this.link.dial();
  }

  end(): void {
    this.link.hangUp();
    this.ended();
  }

  /** Breaks the connection as a crash would; it dials again. */
  break(): void {
    this.link.break();
  }

  misbehave(fault: LenfocusFault | undefined, slowMs = 5_000): void {
    this.fault = fault;
    this.slowMs = slowMs;
    if (fault === 'half-open') this.link.freeze();
    else this.link.thaw();
    if (fault === 'garbage') this.link.sendRaw(randomBytes(64));
  }

  /** Sends a heartbeat now. */
  beat(): void {
    if (this.fault === 'no-heartbeat' || this.fault === 'half-open') return;
    const param = { ...this.ids(), ip: IP };
    // The document writes this key with a blank.
    this.link.send({ 'msgid ': this.messageId(), token: this.token, data: { uri: '/heartbeat', param } });
  }

  /** Does something later, unless the connection ends before. */
  later(ms: number, task: () => void): void {
    this.timers.push(setTimeout(task, ms));
  }

  private connect(): void {
    this.handlers.count('connects');
    const { identity, now, style } = this.options;
    const ts = Math.floor(now() / 1000) - (this.fault === 'wrong-clock' ? 3_600 : 0);
    const sign = this.fault === 'bad-signature' ? randomBytes(128).toString('base64') : identity.sign(ts);
    // Real cameras send neither did nor ip.
    const fresh = style === 'document' ? { ...this.ids(), ip: IP, sign, ts } : { sn: identity.sn, sign, ts };
    const param = this.fault === 'replay' && this.lastConnect ? this.lastConnect : fresh;
    this.lastConnect = param;
    this.link.send({ msgid: this.messageId(), data: { uri: '/connect', param } });
  }

  private received(frame: unknown): void {
    const { msgid, data } = (frame ?? {}) as { msgid?: unknown; data?: Params };
    if (!data || this.fault === 'half-open') return;
    if (data.code === undefined) this.command(msgid, String(data.uri), (data.param ?? {}) as Params);
    else if (data.code === 200) this.accepted(data);
    else this.refused(String(data.uri), Number(data.code));
  }

  private accepted({ uri, result }: Params): void {
    const { token, interval, expire } = (result ?? {}) as Partial<Record<string, string | number>>;
    if (uri === '/heartbeat') {
      this.handlers.count('heartbeats');
    } else if (typeof token === 'string') {
      this.token = token;
      if (uri === '/connect') this.live(Number(interval), Number(expire));
    }
  }

  private refused(uri: string, code: number): void {
    this.handlers.count('refusals');
    if (uri === '/connect') this.handlers.onRefused(code);
    // Not registered: wait to be set up (§1.1). Whatever else is wrong with it, try anew.
    if (code !== NOT_REGISTERED && (uri === '/connect' || code === UNAUTHORISED)) this.link.break();
  }

  /** Let in: from now on it beats, and renews its token in time. */
  private live(intervalS: number, expireS: number): void {
    this.every(intervalS * 900, () => this.beat());
    this.every(expireS * 800, () => this.renew());
    this.every(50, () => {
      if (this.fault === 'flood') for (let i = 0; i < 100; i++) this.beat();
      if (this.fault === 'garbage') this.link.sendRaw(randomBytes(64));
    });
    this.handlers.onOnline();
  }

  /** Asks for a new token now (§1.2). */
  renew(): void {
    const data = { uri: '/token/update', param: this.ids() };
    this.link.send({ msgid: this.messageId(), token: this.token, data });
  }

  private command(msgid: unknown, uri: string, param: Params): void {
    this.handlers.count('commands');
    if (this.fault === 'deaf') return;
    if (this.fault === 'hang-up') {
      this.link.break();
      return;
    }
    const answer =
      this.fault === 'refuse' ? { code: 420, msg: '参数异常' } : this.options.device.answer(uri, param);
    const send = (): void => this.reply(msgid, uri, answer);
    if (this.fault === 'slow') this.later(this.slowMs, send);
    else send();
  }

  private reply(msgid: unknown, uri: string, answer: Answer): void {
    if (this.fault === 'numeric-id') this.link.send({ msgid: Number(msgid), data: answer });
    // With the blank before the uri that the document's examples have.
    else
      this.link.send({
        msgid: this.fault === 'wrong-id' ? 'another' : msgid,
        data: { uri: ` ${uri}`, ...answer },
      });
    this.handlers.onAnswered(uri, answer.code);
  }

  private ended(): void {
    const wasOnline = this.token !== undefined;
    this.token = undefined;
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    if (wasOnline) this.handlers.onOffline();
  }

  private ids(): Params {
    const { did, identity } = this.options;
    return { ...(did !== undefined && { did }), sn: identity.sn };
  }

  private messageId(): string {
    return `${Math.floor(this.options.now() / 1000)}${++this.messages}`;
  }

  private every(ms: number, task: () => void): void {
    this.timers.push(setInterval(task, ms));
  }
}
