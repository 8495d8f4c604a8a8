/**
 * The HTTP side: who may report, what was reported, and the answer. A report is answered as soon as it is
 * whole and was read, and told after; or, by setting, it is answered when the flow has taken it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SnapflowError } from '../../errors';
import { tokenOf } from '../access/tokens';
import type { Context } from '../context';
import { asError } from '../events';
import type { OtaDesk } from '../ota/desk';
import type { DeviceRegistry } from '../registry/types';
import { snKey } from '../registry/types';
import type { ReportReader, ReportRoute } from '../reports/reader';
import type { Report } from '../reports/types';
import { factsOf, type Session } from '../sessions/session';
import type { SessionStore } from '../sessions/sessions';
import { addressOf } from '../../server/address';
import { after } from '../../timers';
import { CODE } from '../wire/codes';
import { readDocument } from '../wire/document';
import { LongText } from '../wire/long-text';
import { zonedIso } from '../wire/time';
import { Fields, isObject } from '../wire/values';
import {
  answerFor,
  BAD_ENCODING,
  NO_SUCH_PATH,
  NOT_TAKEN,
  OVERLOADED,
  send,
  TAKEN,
  TOO_LARGE,
  UNAUTHORISED,
  type Answer,
} from './answer';
import { discardBody, type BodyReader } from '../../server/body';
import { routeOf, type Route } from './routes';

/** What a flow answers a report with: nothing, or `{code: 200}`, to take it; anything else to refuse it. */
export interface FlowAnswer {
  code?: number;
  message?: string;
  data?: unknown;
}

export interface IntakeOptions {
  /** Take reports without a token from the SN and address of a connected device. */
  tokenlessReports: boolean;
  trustProxy: boolean;
  /** Minutes east of UTC of the devices' clocks. */
  zone: number;
  /** Answers reports in the flow's stead; without it they are answered at once. */
  answer?: (report: Report, signal: AbortSignal) => Promise<FlowAnswer | undefined>;
  answerTimeoutMs: number;
}

/** A request on its way through. */
interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  /** Below the base path, in canonical form. */
  path: string;
  route: Route;
  /** How the device reached this server. */
  baseUrl: string;
}

const FILES = '/api/v1/ota/file/';

export class Intake {
  constructor(
    private readonly context: Context,
    private readonly options: IntakeOptions,
    private readonly sessions: SessionStore,
    private readonly registry: DeviceRegistry,
    private readonly bodies: BodyReader,
    private readonly reports: ReportReader,
    private readonly ota: OtaDesk,
  ) {}

  /** @param expectsContinue the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1) */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    baseUrl: string,
    expectsContinue = false,
  ): void {
    response.on('error', () => undefined);
    if (path.startsWith(FILES)) {
      void this.guard(response, this.ota.sendFile(response, path.slice(FILES.length)));
      return;
    }
    const route = routeOf(path);
    const refusal = this.refusalOf(request, route);
    if (route === undefined || refusal) {
      this.refuse(request, response, refusal ?? NO_SUCH_PATH, expectsContinue);
      return;
    }
    if (route === 'time') {
      discardBody(request, this.context.limits.maxBodyBytes);
      send(response, this.time());
      return;
    }
    if (expectsContinue) response.writeContinue();
    void this.guard(response, this.receive({ request, response, path, route, baseUrl }));
  }

  /** What is wrong with a request can mostly be told before its body came. */
  private refusalOf(request: IncomingMessage, route: Route | undefined): Answer | undefined {
    if (route === undefined) return NO_SUCH_PATH;
    if (route === 'time') return undefined;
    if (this.bodies.isOverloaded) return OVERLOADED;
    if (!this.options.tokenlessReports && !this.sessionOf(request)) return UNAUTHORISED;
    const { headers } = request;
    if (Number(headers['content-length'] ?? 0) > this.context.limits.maxBodyBytes) return TOO_LARGE;
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
    return encoding === 'identity' ? undefined : BAD_ENCODING;
  }

  private refuse(
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    expectsContinue: boolean,
  ): void {
    this.context.counters.refusedRequests++;
    // The body will never come, so what follows on this connection could not be told from it.
    if (expectsContinue) response.setHeader('Connection', 'close');
    discardBody(request, this.context.limits.maxBodyBytes);
    send(response, answer);
  }

  /** Failures that no answer names: reported, and answered so that the device keeps what it has. */
  private async guard(response: ServerResponse, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      this.context.counters.refusedRequests++;
      const answer = answerFor(cause);
      send(response, answer);
      if (answer === NOT_TAKEN && !response.destroyed) this.context.events.notify('error', asError(cause));
    }
  }

  private async receive(call: Call): Promise<void> {
    const { request, response, route } = call;
    const body = await this.bodies.read(request);
    try {
      const value = this.valueOf(route, body.bytes);
      const fields = new Fields(value);
      const session = this.sessionOf(request) ?? this.tokenless(request, fields);
      if (!session || !(await this.isOwn(session, fields))) {
        this.context.counters.refusedRequests++;
        send(response, UNAUTHORISED);
      } else if (route === 'ota') {
        send(response, await this.ota.answer(fields, factsOf(session), call.baseUrl));
      } else if (route !== 'time') {
        await this.take(call, route, value, session);
      }
    } finally {
      // What the report keeps of it was copied or decoded.
      body.free();
    }
  }

  /** @throws SnapflowError `BAD_INPUT`, `TOO_LARGE` */
  private valueOf(route: Route, bytes: Buffer): unknown {
    const isJson = route !== 'picture' || /^\s*[{"]/.test(bytes.toString('latin1', 0, 64));
    if (!isJson) return { picture: new LongText(bytes, 0, bytes.length) };
    const value = readDocument(bytes, this.context.limits);
    if (isObject(value)) return value;
    if (route === 'picture') return { picture: value };
    throw new SnapflowError('BAD_INPUT', 'The camera sent a body that is no JSON object.', {
      system: 'lenfocus',
    });
  }

  private async take(call: Call, route: ReportRoute, value: unknown, session: Session): Promise<void> {
    const { response, path } = call;
    const { answer } = this.options;
    const isInfo = route === 'info';
    const report = this.reports.read({ route, path, value, device: factsOf(session) });
    if (!answer || isInfo) send(response, TAKEN);
    this.count(report);
    if (report) this.context.events.notify(isInfo ? 'info' : 'report', report);
    if (!answer || isInfo) return;
    const given = report ? await this.ask(answer, report) : TAKEN;
    if (report && given.status !== TAKEN.status) this.reports.forget(report);
    send(response, given);
  }

  private count(report: Report | undefined): void {
    const { counters } = this.context;
    counters.reports++;
    counters.pictures += report?.pictures.length ?? 0;
    if (!report || report.pictures.some((picture) => picture.duplicate)) counters.duplicates++;
  }

  /** Waits for the flow, but not for ever: the device is told to keep its pictures then. */
  private async ask(answer: NonNullable<IntakeOptions['answer']>, report: Report): Promise<Answer> {
    const abort = new AbortController();
    const { clock } = this.context;
    const late = new Promise<FlowAnswer>((resolve) => {
      const stop = after(clock, this.options.answerTimeoutMs, () => {
        resolve({ code: CODE.notTaken, message: 'The flow did not answer in time' });
      });
      abort.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      const {
        code = CODE.ok,
        message,
        data,
      } = (await Promise.race([answer(report, abort.signal), late])) ?? {};
      const status = statusOf(code);
      if (status === TAKEN.status && message === undefined && data === undefined) return TAKEN;
      return {
        status,
        code,
        message: message ?? (status === TAKEN.status ? 'OK' : 'Not taken'),
        ...(data !== undefined && { data }),
      };
    } catch (cause) {
      this.context.events.notify('error', asError(cause));
      return NOT_TAKEN;
    } finally {
      abort.abort();
    }
  }

  private sessionOf(request: IncomingMessage): Session | undefined {
    return this.sessions.byToken(tokenOf(request.headers.authorization), this.context.clock.monotonic());
  }

  /** A connected device from whose address the report comes and whose SN (or did) it bears. */
  private tokenless(request: IncomingMessage, fields: Fields): Session | undefined {
    if (!this.options.tokenlessReports) return undefined;
    const address = addressOf(request, this.options.trustProxy);
    const [sn, did] = [fields.text('sn'), fields.id('did')];
    const named = sn === undefined ? this.sessions.byDid(did) : this.sessions.bySn(sn);
    if (sn !== undefined || did !== '') {
      return named?.isOnline && named.connection.address === address ? named : undefined;
    }
    // A bare picture names nobody: it can only be of the one device that is there.
    const there = [...this.sessions].filter((session) => session.connection.address === address);
    return there.length === 1 && there[0]?.isOnline ? there[0] : undefined;
  }

  /** False when a report bears the SN or did of another device than its token. */
  private async isOwn(session: Session, fields: Fields): Promise<boolean> {
    const sn = fields.text('sn');
    if (sn !== undefined && snKey(sn) !== snKey(session.sn)) return false;
    const did = fields.id('did');
    if (did === '' || did === session.did || did === session.record?.did) return true;
    if (session.did !== '' || session.record?.did !== undefined) return false;
    // This device has no did that we know of; it may only not use one that is known to be another's.
    return !this.sessions.byDid(did) && !(await this.registry.findByDid(did));
  }

  private time(): Answer {
    const now = new Date(this.context.clock.now());
    const data = { time: zonedIso(now, this.options.zone), timestamp: Math.floor(now.getTime() / 1000) };
    return { status: 200, code: CODE.ok, message: 'OK', data };
  }
}

/** HTTP statuses are themselves codes of the document where it has one; of others, a plain failure. */
function statusOf(code: number): number {
  if (code === CODE.ok || code === 0) return 200;
  return code >= 400 && code <= 599 ? code : 500;
}
