/** An outbox on a disk in memory, with a target that a test answers for. */
import {
  FolderStore,
  Outbox,
  type DeliveredEvent,
  type DroppedEvent,
  type FailedEvent,
  type OutboxOptions,
} from '../../../../lib/delivery/outbox';
import type { Identity } from '../../../../lib/delivery/outbox/identity';
import type { SnapflowError } from '../../../../lib/errors';
import { FakeClock } from '../../../support/fake-clock';
import { Sending } from '../sending';
import { MemoryFiles } from './memory-files';

export interface Meta {
  name: string;
  note?: unknown;
}

export type Rule = (name: string, attempt: number) => string | SnapflowError | undefined;

export interface Start {
  clock?: FakeClock;
  files?: MemoryFiles;
  folder?: string;
  self?: Identity;
  maxDeadItems?: number;
  maxDeadBytes?: number;
  rule?: Rule;
}

export function setUp(options: Partial<OutboxOptions<Meta, string>> & Start = {}) {
  const { clock = new FakeClock(), files = new MemoryFiles(), folder = '/outbox', rule } = options;
  const { self, maxDeadItems, maxDeadBytes, ...rest } = options;
  const sending = new Sending(clock, rule);
  const store = new FolderStore<Meta>({ folder, files, clock, self, maxDeadItems, maxDeadBytes });
  const delivered: Array<DeliveredEvent<Meta, string>> = [];
  const failed: Array<FailedEvent<Meta>> = [];
  const dropped: DroppedEvent[] = [];
  const setAside: string[] = [];
  const outbox = new Outbox<Meta, string>({
    store,
    clock,
    retry: { firstMs: 1_000, maxMs: 60_000, jitter: 0 },
    drainMs: 0,
    send: (outgoing, attempt) => sending.send(outgoing.meta.name, attempt),
    onDelivered: (event) => delivered.push(event),
    onFailed: (event) => failed.push(event),
    onDropped: (event) => dropped.push(event),
    onSetAside: (name) => setAside.push(name),
    ...rest,
  });
  const add = (name: string, lane = name.slice(0, 1), facts = {}, bytes = 100) =>
    outbox.add(lane, { meta: { name }, body: picture(name, bytes) }, facts);
  return { clock, files, folder, sending, store, outbox, delivered, failed, dropped, setAside, add };
}

/** Bytes of a JPEG's beginning and a name, so that each is another picture. */
export function picture(name: string, bytes = 100): Buffer {
  const body = Buffer.alloc(Math.max(bytes, 16 + Buffer.byteLength(name)), 0x33);
  Buffer.from('ffd8ffe000104a464946000101000000', 'hex').copy(body);
  body.write(name, 16);
  return body;
}

export const ok: Rule = (name) => `stored ${name}`;
