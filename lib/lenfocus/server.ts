/** The device server: cameras dial in, are known, push pictures and obey. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closedError, SnapflowError } from '../errors';
import { assemble, type Parts } from './assembly';
import type { OperationName } from './commands/operations';
import type { CommandOptions, CommandParams, CommandReply } from './commands/types';
import { SafeEmitter } from './events';
import { Listener } from '../server/listener';
import { belowBase, canonicalPath } from './http/routes';
import { settingsOf, type LenfocusServerOptions, type Settings } from './options';
import type { JoinRequest } from './registry/join-list';
import { RegistryDesk } from './registry/desk';
import { snKey, type DeviceRecord } from './registry/types';
import { factsOf, type DeviceFacts } from './sessions/session';
import { refuseUpgrade } from './socket/gateway';
import type { ServerState } from './state';
import { every, type Cancel } from '../timers';

/** One device of `devices()`: known, connected, or both. */
export interface DeviceState extends DeviceFacts {
  online: boolean;
  /** It is connected and waits to be set up. */
  waiting: boolean;
  /** ISO 8601. */
  connectedAt?: string;
  seenAt?: string;
  note?: string;
}

const SWEEP_MS = 1_000;

/**
 * Starts, stops, and speaks for its parts. What happens is told by events, see `LenfocusEvents`.
 * A server that was stopped cannot be started again: make a new one.
 */
export class LenfocusServer extends SafeEmitter {
  private readonly settings: Settings;
  private readonly devicesKnown: RegistryDesk;
  private readonly parts: Parts;
  private readonly basePath: string;
  private listener: Listener | undefined;
  private stopSweep: Cancel | undefined;

  /** @throws SnapflowError `BAD_INPUT` when an option is out of its range */
  constructor(options: LenfocusServerOptions = {}) {
    super();
    this.settings = settingsOf(options);
    this.basePath = canonicalPath(options.basePath ?? '/');
    this.devicesKnown = new RegistryDesk(this.settings, this);
    this.parts = assemble(this.settings, this.devicesKnown.registry, this);
    this.devicesKnown.follow((changed) => this.recordsChanged(changed));
  }

  /** Reads the registry and listens. Never rejects: what fails is told by `error` and tried again. */
  async start(): Promise<void> {
    this.stopSweep = every(this.settings.clock, SWEEP_MS, () => this.sweep());
    await this.devicesKnown.start();
    // Stopped while it read.
    if (!this.stopSweep) return;
    const { listen, trustProxy } = this.settings;
    if (listen) {
      this.listener = new Listener(this.parts.context, listen, trustProxy, {
        onRequest: (request, response, expects) => this.request(request, response, expects),
        onUpgrade: (request, socket, head) => {
          if (!this.handleUpgrade(request, socket, head)) refuseUpgrade(socket, '404 Not Found');
        },
        onChange: () => this.notify('state', this.state()),
      });
      await this.listener.start();
    } else {
      this.notify('state', this.state());
    }
  }

  /** Frees the port and ends every connection; cameras connect again to whoever listens next. */
  async stop(): Promise<void> {
    this.stopSweep?.();
    this.stopSweep = undefined;
    this.devicesKnown.stop();
    this.parts.desk.stop();
    this.parts.gateway.stop();
    await this.listener?.stop();
    this.listener = undefined;
    this.notify('state', this.state());
  }

  /** For a server that others listen for. False when the path is not below the base path. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.dispatch(request, response, false);
  }

  /** The same for WebSocket handshakes: any path below the base path is taken. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = belowBase(canonicalPath(request.url ?? ''), this.basePath);
    if (path === undefined || !this.stopSweep) return false;
    this.parts.gateway.upgrade(request, socket, head);
    return true;
  }

  /**
   * Asks one device for something.
   * @param device SN or did
   * @throws SnapflowError `BAD_INPUT` before anything is sent; `DEVICE_OFFLINE`, `TIMEOUT`, `DEVICE_REFUSED`
   *   (with the device's code and its meaning), `BAD_RESPONSE`, `QUEUE_FULL`, `CLOSED`
   */
  async command<K extends OperationName>(
    device: string | number,
    operation: K,
    params: CommandParams[K],
    options?: CommandOptions,
  ): Promise<CommandReply<K>> {
    if (!this.stopSweep) throw closedError('lenfocus');
    return this.parts.commands.run(String(device), operation, params, options);
  }

  /** Lets a device in from now on; one that waits at the door is asked to connect again. */
  async admit(record: DeviceRecord): Promise<void> {
    if (record.sn.trim() === '') {
      throw new SnapflowError('BAD_INPUT', 'Name the camera by its SN.', { system: 'lenfocus' });
    }
    await this.devicesKnown.registry.admit(record);
    this.parts.joinList.remove(record.sn);
    this.parts.gateway.recall(new Set([snKey(record.sn)]));
  }

  /**
   * Takes an admission back, and ends what the device has under way. False when there was none.
   * @throws SnapflowError `BAD_INPUT` when it is in the table or file
   */
  async dismiss(sn: string): Promise<boolean> {
    if (!(await this.devicesKnown.registry.dismiss(sn))) return false;
    this.shutOut(sn);
    return true;
  }

  /** Sets the devices that the flow names, in place of those it named before. */
  setDevices(records: readonly DeviceRecord[]): void {
    this.devicesKnown.setDevices(records);
  }

  /** Cameras that tried to connect and were not let in, the latest first. */
  wantsToJoin(): JoinRequest[] {
    return this.parts.joinList.list();
  }

  /** Every device that is known or connected. */
  devices(): DeviceState[] {
    const { clock } = this.settings;
    const now = clock.now();
    const devices = new Map<string, DeviceState>();
    for (const { sn, did = '', name, note } of this.devicesKnown.list()) {
      devices.set(snKey(sn), {
        ...{ sn, did, address: '', online: false, waiting: false },
        ...(name !== undefined && { name }),
        ...(note !== undefined && { note }),
      });
    }
    for (const session of this.parts.sessions) {
      devices.set(snKey(session.sn), {
        ...devices.get(snKey(session.sn)),
        ...factsOf(session),
        online: session.isOnline,
        waiting: !session.isOnline,
        connectedAt: new Date(session.connectedAt).toISOString(),
        seenAt: new Date(now - (clock.monotonic() - session.connection.seenAt)).toISOString(),
      });
    }
    return [...devices.values()];
  }

  state(): ServerState {
    const { bodies, context, gateway, joinList, sessions } = this.parts;
    let online = 0;
    for (const session of sessions) if (session.isOnline) online++;
    const where = this.listener?.address;
    return {
      listen: this.listenState(where !== undefined),
      ...where,
      online,
      waiting: gateway.strangerCount + sessions.size - online,
      wantToJoin: joinList.list().length,
      bytesInFlight: bodies.bytesInFlight,
      counters: { ...context.counters },
    };
  }

  /** Who waits at the door and is known now may come in; who is known no longer has to go. */
  private recordsChanged(changed: ReadonlySet<string>): void {
    const { gateway, sessions } = this.parts;
    const named = new Set<string>();
    for (const sn of changed) {
      const record = this.devicesKnown.find(sn);
      const session = sessions.bySn(sn);
      if (record) named.add(sn);
      if (session) session.record = record;
      if (!record && this.settings.check !== 'open') this.shutOut(sn);
    }
    gateway.recall(named);
  }

  private shutOut(sn: string): void {
    const { gateway, sessions } = this.parts;
    const session = sessions.bySn(sn);
    if (session) gateway.expel(session);
    sessions.revoke(sn);
  }

  private listenState(listens: boolean): ServerState['listen'] {
    if (!this.stopSweep) return 'stopped';
    if (!this.settings.listen) return 'attached';
    return listens ? 'listening' : 'retrying';
  }

  private request(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    if (this.dispatch(request, response, expectsContinue)) return;
    response.writeHead(404, { 'Content-Length': 0, Connection: 'close' });
    response.end();
  }

  private dispatch(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): boolean {
    const path = belowBase(canonicalPath(request.url ?? ''), this.basePath);
    if (path === undefined || !this.stopSweep) return false;
    this.parts.intake.handle(request, response, path, this.baseUrl(request), expectsContinue);
    return true;
  }

  private baseUrl(request: IncomingMessage): string {
    const { publicUrl } = this.settings;
    if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    return `${scheme}://${request.headers.host ?? 'localhost'}${this.basePath === '/' ? '' : this.basePath}`;
  }

  private sweep(): void {
    const { admission, bodies, context, desk, gateway, reports, sessions } = this.parts;
    const now = context.clock.monotonic();
    for (const part of [gateway, sessions, desk, bodies, admission, reports]) part.sweep(now);
  }
}
