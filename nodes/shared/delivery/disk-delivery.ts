/**
 * Pictures that wait on disk: a message is done when its picture would survive a power cut; what became of it leaves
 * later, on the output or to Catch nodes, in a message made from what was kept, also after a restart.
 */
import type {
  DeliveredEvent,
  DroppedEvent,
  FailedEvent,
  Outbox,
  OutboxOptions,
  Outgoing as Stored,
} from '../../../lib/delivery/outbox';
import { laneKey } from '../../../lib/delivery/lane-key';
import { SnapflowError } from '../../../lib/errors';
import type { Language } from '../../../lib/texts';
import { isAlarmMessage } from '../alarm';
import { nodeError } from '../error-text';
import type { NodeParts } from '../node';
import type { Message, Send } from '../red';
import { runtimeLanguage } from '../words';
import { pictureIdOf, setAnswer } from './answer';
import { DiskStatus } from './disk-status';
import { keptMessage } from './kept-message';
import type { Order } from './orders';
import { outboxFolder, outboxLimits, type OutboxConfig } from './outbox-config';
import { listedEntries, overviewOf, type ListedEntry, type Overview } from './overview';
import { SealedSecrets } from './sealed-secrets';
import type { Shipment, Target } from './target';

/** What is written beside a picture. */
interface Meta<Job> {
  job: Job;
  msg: Message;
  sealed?: string;
}

/** Milliseconds that running sends get at close, and then to end: a node has to be closed within a second. */
const DRAIN_MS = 400;
const ABORT_GRACE_MS = 200;

/** Folders whose former outbox is still being closed (a deploy): the next one waits for it. */
const closing = new Map<string, Promise<void>>();

export class DiskDelivery<Job, Result> {
  readonly folder: string;
  readonly #parts: NodeParts;
  readonly #target: Target<Job, Result>;
  readonly #outbox: Outbox<Meta<Job>, Result>;
  readonly #secrets: SealedSecrets;
  readonly #properties: string;
  readonly #free: Promise<void>;

  /** @throws SnapflowError `BAD_INPUT` for a limit that is none */
  constructor(parts: NodeParts, config: OutboxConfig, target: Target<Job, Result>) {
    const { RED, node, life } = parts;
    // Here and not above: who sends from memory alone does not load it.
    const lib = require('../../../lib/delivery/outbox') as typeof import('../../../lib/delivery/outbox');
    const { system, disk = {} } = target;
    this.folder = outboxFolder(RED, node, config);
    this.#parts = parts;
    this.#target = target;
    this.#properties = config.properties ?? '';
    this.#secrets = new SealedSecrets(disk.sealKey ? new lib.Seal(disk.sealKey) : undefined, system);
    const status = new DiskStatus(parts, target.status);
    this.#outbox = new lib.Outbox<Meta<Job>, Result>({
      ...outboxLimits(config),
      ...this.#sending(),
      system,
      store: new lib.FolderStore({ folder: this.folder, system }),
      drainMs: DRAIN_MS,
      abortGraceMs: ABORT_GRACE_MS,
      onState: (state) => status.show(state),
      onDelivered: (event) => this.#safely(() => this.#delivered(event)),
      onFailed: (event) => this.#safely(() => this.#failed(event)),
      onDropped: (event) => this.#safely(() => this.#dropped(event)),
      onSetAside: (name) => this.#safely(() => this.#setAside(name)),
    });
    this.#free = closing.get(this.folder) ?? Promise.resolve();
    // What is wrong with the folder is in the state, and tried again.
    void this.#free.then(() => this.#outbox.open()).catch(() => undefined);
    life.own(() => this.#close());
  }

  /** Accepts a picture: the message is done when this resolves. */
  async take(msg: Message, _send: Send, { lane, body, job, secret }: Shipment<Job>): Promise<void> {
    await this.#free;
    const meta: Meta<Job> = {
      job,
      msg: keptMessage(msg, this.#properties),
      ...(secret !== undefined && { sealed: this.#secrets.close(laneKey(lane), secret) }),
    };
    const pictureId = pictureIdOf(msg);
    await this.#outbox.add(
      lane,
      { meta, body },
      {
        alarm: isAlarmMessage(msg),
        ...differenceOf(msg),
        ...(pictureId !== undefined && pictureId !== '' && { pictureId }),
      },
    );
    if (secret !== undefined) this.#resumeWithout(laneKey(lane));
  }

  async obey({ action, id }: Order, msg?: Message, send?: Send): Promise<void> {
    if (action === 'resume') this.#outbox.resume();
    else if (action === 'list') {
      const language = runtimeLanguage(this.#parts.RED);
      if (msg && send) send({ ...msg, payload: await this.list(language) });
    } else if (action === 'resend') {
      const revived = await this.#outbox.resend(id);
      if (id !== undefined && revived === 0 && !(await this.#outbox.read(id))) throw this.#unknown(id);
    } else if (id !== undefined) {
      if (!(await this.#outbox.drop(id))) throw this.#unknown(id);
    } else {
      for (const { entry, status } of await this.#outbox.list()) {
        if (status === 'dead') await this.#outbox.drop(entry.id);
      }
    }
  }

  overview(language: Language): Overview {
    return overviewOf(this.folder, this.#outbox.state(), language);
  }

  async list(language: Language): Promise<Overview & { pictures: ListedEntry[] }> {
    const listed = await this.#outbox.list();
    return { ...this.overview(language), pictures: listedEntries(listed, language) };
  }

  /** How the outbox reaches the platform. */
  #sending(): Pick<OutboxOptions<Meta<Job>, Result>, 'send' | 'fix'> &
    Partial<OutboxOptions<Meta<Job>, Result>> {
    const { send, fix, disk = {} } = this.#target;
    const { sealKey: _sealKey, ...paced } = disk;
    return {
      ...paced,
      send: ({ meta, body, entry, again }, attempt) => {
        const { sealed, job } = meta;
        const secret = sealed === undefined ? undefined : this.#secrets.open(entry.lane, sealed);
        return send({ body, job, secret, again }, attempt);
      },
      ...(fix && {
        fix: async (stored: Stored<Meta<Job>>, error: SnapflowError, signal: AbortSignal) => ({
          ...stored,
          body: await fix(stored.body, error, signal),
        }),
      }),
    };
  }

  #delivered({ meta, ...delivered }: DeliveredEvent<Meta<Job>, Result>): void {
    const { msg } = meta;
    setAnswer(msg, this.#target, delivered);
    this.#parts.node.send(msg);
  }

  #failed({ meta, entry, error }: FailedEvent<Meta<Job>>): void {
    const { RED, node } = this.#parts;
    const msg: Message = {
      ...meta?.msg,
      upload: { system: this.#target.system, pictureId: entry.pictureId, outboxId: entry.id },
    };
    node.error(nodeError(error, runtimeLanguage(RED)), msg);
  }

  /** What went for want of room is a choice of the user, and counted; what vanished is not. */
  #dropped({ kind, entry }: DroppedEvent): void {
    if (kind !== 'lost') return;
    const error = new SnapflowError(
      'NOT_FOUND',
      'A waiting picture vanished from the outbox folder, or was damaged there: it cannot be sent.',
      { system: this.#target.system, retryable: false },
    );
    this.#failed({ kind: 'dead', entry, meta: undefined, error });
  }

  #setAside(name: string): void {
    const { RED, node } = this.#parts;
    const error = new SnapflowError(
      'BAD_RESPONSE',
      'A file of the outbox is damaged, or none of ours. It was put aside as aside/{{name}}; nothing waits for it.',
      { system: this.#target.system, values: { name } },
    );
    node.warn(nodeError(error, runtimeLanguage(RED)).message);
  }

  /** A device that stands for want of its secret goes on when a message brought it. */
  #resumeWithout(lane: string): void {
    if (this.#outbox.state().held.some((held) => held.lane === lane)) this.#outbox.resume(lane);
  }

  #unknown(id: number): SnapflowError {
    return new SnapflowError('NOT_FOUND', 'The outbox has no picture {{id}}, or it is being sent now.', {
      system: this.#target.system,
      values: { id },
    });
  }

  /** The outbox calls from nowhere: what a flow throws must not end Node-RED. */
  #safely(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#parts.node.error(String(error));
    }
  }

  async #close(): Promise<void> {
    const closed = this.#free
      .then(() => this.#outbox.close())
      .catch(() => undefined)
      .finally(() => {
        if (closing.get(this.folder) === closed) closing.delete(this.folder);
      });
    closing.set(this.folder, closed);
    await closed;
  }
}

/** How much the picture differs from the one before, as the filter node measured; for *thin out*. */
function differenceOf({ filter }: Message): { difference?: number } {
  const { distance } = (typeof filter === 'object' && filter !== null ? filter : {}) as {
    distance?: unknown;
  };
  return typeof distance === 'number' && Number.isFinite(distance) ? { difference: distance } : {};
}
