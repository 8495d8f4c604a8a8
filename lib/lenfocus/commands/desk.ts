/**
 * Sends commands and brings their answers: one device, one answer, never a broadcast. A few commands of a
 * device are under way at a time, the rest wait their turn; those for a device that is offline wait for it as
 * long as they may. An answer belongs to the command whose message id it bears.
 */
import { randomInt } from 'node:crypto';
import { closedError, SnapflowError } from '../../errors';
import type { Context } from '../context';
import { snKey, type DeviceRegistry } from '../registry/types';
import type { Session } from '../sessions/session';
import type { SessionStore } from '../sessions/sessions';
import { after, type Cancel } from '../../timers';
import { requestFrame, type FrameReply, type MessageId } from '../wire/frames';
import type { PendingCommand } from './pending';

export interface CommandRequest {
  /** SN or did. */
  device: string;
  uri: string;
  param: unknown;
  timeoutMs: number;
  waitMs: number;
  signal: AbortSignal | undefined;
}

export interface CommandAnswer {
  session: Session;
  reply: FrameReply;
}

/** A command until it has its answer. Exactly one of its three places holds it: parked, in a queue, or pending. */
interface Job extends CommandRequest {
  /** Milliseconds; until when it may wait for the device. */
  waitsUntil: number;
  resolve(answer: CommandAnswer): void;
  reject(error: unknown): void;
  /** Takes it out of its place. */
  leave: () => void;
  stopTimer: Cancel;
}

export class CommandDesk {
  /** Jobs for devices that are not connected, by device as the caller named it. */
  private readonly parked = new Set<Job>();
  private readonly queues = new Map<Session, Set<Job>>();
  private waiting = 0;
  /** Digits that survive firmware which reads them as a number. */
  private nextId = randomInt(1e11, 2e11);

  constructor(
    private readonly context: Context,
    private readonly sessions: SessionStore,
    private readonly registry: DeviceRegistry,
  ) {}

  /**
   * @throws SnapflowError `DEVICE_OFFLINE`, `TIMEOUT`, `QUEUE_FULL`, `CLOSED` (aborted or stopped)
   */
  async request(request: CommandRequest): Promise<CommandAnswer> {
    const session = await this.find(request.device);
    if (request.signal?.aborted) throw closedError('lenfocus', request.signal.reason);
    return new Promise((resolve, reject) => {
      const job: Job = {
        ...request,
        waitsUntil: this.context.clock.monotonic() + request.waitMs,
        resolve,
        reject,
        leave: () => undefined,
        stopTimer: () => undefined,
      };
      const abort = (): void => this.fail(job, closedError('lenfocus', request.signal?.reason));
      request.signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => request.signal?.removeEventListener('abort', abort);
      job.resolve = (answer) => (done(), resolve(answer));
      job.reject = (error: SnapflowError) => (done(), reject(error));
      if (session) this.place(job, session);
      else this.park(job);
    });
  }

  /** A device connected: what waits for it goes out. */
  onSession(session: Session): void {
    for (const job of this.parked) {
      if (isAddressedTo(job.device, session)) {
        job.leave();
        this.place(job, session);
      }
    }
  }

  /** The device's socket is dead: its commands end now, or wait for it as long as they may. */
  onSessionEnd(session: Session): void {
    const queue = this.queues.get(session);
    this.queues.delete(session);
    const pending = session.pending;
    session.pending = undefined;
    for (const command of pending?.values() ?? []) command.onError(offline(session.sn, true));
    for (const job of queue ?? []) {
      job.leave();
      this.park(job);
    }
  }

  onReply(session: Session, msgid: MessageId | undefined, reply: FrameReply): void {
    const command = session.pending?.get(String(msgid).trim());
    if (command) command.onReply(reply);
    else this.context.counters.lateReplies++;
  }

  stop(): void {
    for (const job of this.parked) this.fail(job, closedError('lenfocus'));
    for (const queue of this.queues.values())
      for (const job of queue) this.fail(job, closedError('lenfocus'));
    for (const session of this.sessions) {
      for (const command of session.pending?.values() ?? []) command.onError(closedError('lenfocus'));
    }
  }

  /** Called once a second: ends what waited long enough for its device. */
  sweep(now: number): void {
    for (const job of this.parked) if (now >= job.waitsUntil) this.fail(job, offline(job.device, false));
  }

  private async find(device: string): Promise<Session | undefined> {
    const direct = this.sessions.bySn(device);
    if (direct) return direct;
    // The registry's word counts before the device's own: any device can claim a did.
    const record = await this.registry.findByDid(device);
    return record ? this.sessions.bySn(record.sn) : this.sessions.byDid(device);
  }

  private park(job: Job): void {
    if (this.context.clock.monotonic() >= job.waitsUntil) this.fail(job, offline(job.device, false));
    else if (this.waiting >= this.context.limits.maxWaitingCommands) this.fail(job, queueFull());
    else this.wait(job, this.parked);
  }

  private place(job: Job, session: Session): void {
    if ((session.pending?.size ?? 0) < this.context.limits.commandsPerDevice) {
      this.transmit(job, session);
      return;
    }
    if (this.waiting >= this.context.limits.maxWaitingCommands) {
      this.fail(job, queueFull());
      return;
    }
    const queue = this.queues.get(session) ?? new Set();
    this.queues.set(session, queue);
    this.wait(job, queue);
  }

  private wait(job: Job, place: Set<Job>): void {
    place.add(job);
    this.waiting++;
    job.leave = () => {
      if (place.delete(job)) this.waiting--;
    };
  }

  private transmit(job: Job, session: Session): void {
    const msgid = String(this.nextId++);
    const pending = (session.pending ??= new Map<string, PendingCommand>());
    const { timeoutMs, uri } = job;
    job.leave = () => {
      pending.delete(msgid);
      job.stopTimer();
      this.next(session);
    };
    pending.set(msgid, {
      onReply: (reply) => {
        job.leave();
        job.resolve({ session, reply });
      },
      onError: (error) => this.fail(job, error),
    });
    job.stopTimer = after(this.context.clock, timeoutMs, () => this.fail(job, timedOut(uri, timeoutMs)));
    const token = session.isOnline ? session.token : undefined;
    session.connection.socket.send(requestFrame(msgid, token, uri, job.param));
  }

  /** A place is free: the one that waited longest goes out. */
  private next(session: Session): void {
    const queue = this.queues.get(session);
    for (const job of queue ?? []) {
      // Given up in this moment by the same caller as the one before it.
      if (job.signal?.aborted) continue;
      job.leave();
      this.place(job, session);
      return;
    }
    this.queues.delete(session);
  }

  private fail(job: Job, error: SnapflowError): void {
    job.leave();
    job.reject(error);
  }
}

function isAddressedTo(device: string, session: Session): boolean {
  if (snKey(device) === snKey(session.sn)) return true;
  const did = session.record?.did ?? session.did;
  return did !== '' && device === did;
}

function offline(device: string, wasSent: boolean): SnapflowError {
  return new SnapflowError(
    'DEVICE_OFFLINE',
    wasSent
      ? 'The camera {{device}} disconnected before it answered; it may have carried out the command.'
      : 'The camera {{device}} is not connected.',
    { system: 'lenfocus', values: { device } },
  );
}

function timedOut(uri: string, timeoutMs: number): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'The camera did not answer {{uri}} within {{ms}} ms; it may have carried out the command.',
    { system: 'lenfocus', values: { uri, ms: timeoutMs } },
  );
}

function queueFull(): SnapflowError {
  return new SnapflowError(
    'QUEUE_FULL',
    'Too many commands wait for cameras (maxWaitingCommands). Send fewer at a time.',
    { system: 'lenfocus' },
  );
}
