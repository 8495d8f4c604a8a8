/** What devices ask and a flow answers: whether a report was taken, and which update there is. */
import { EventEmitter } from 'node:events';
import { SnapflowError } from '../../lib/errors';
import type { FlowAnswer, OtaQuery, OtaRelease, Report } from '../../lib/lenfocus';

/** How a message names the question that it carries: `msg.question`. */
export interface Question {
  kind: 'report' | 'ota' | 'join';
  /** Of the report or query; the SN of a device that wants to join. */
  id: string;
}

interface OpenReport {
  /** Ids of the pictures that the flow has not answered yet. */
  pictures: Set<string>;
  resolve: (answer: FlowAnswer | undefined) => void;
}

interface OpenQuery {
  resolve: (release: OtaRelease | undefined) => void;
}

export class Questions extends EventEmitter<{ ota: [OtaQuery, Question] }> {
  /** Reports that a node has sent into a flow, by id, until the server asks for their answer. */
  private readonly sent = new Set<string>();
  private readonly reports = new Map<string, OpenReport>();
  private readonly queries = new Map<string, OpenQuery>();
  private count = 0;

  /** @param timeoutMs milliseconds that a device waits for the answer about an update */
  constructor(private readonly timeoutMs: number) {
    super();
    this.setMaxListeners(0);
  }

  /** A node has sent the report into its flow, so that there may be an answer. */
  sentReport(id: string): void {
    this.sent.add(id);
  }

  /** The server asks whether the report was taken: at once, when it went into no flow. */
  answerReport(report: Report, signal: AbortSignal): Promise<FlowAnswer | undefined> {
    const { id, pictures } = report;
    if (!this.sent.delete(id)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.reports.set(id, { pictures: new Set(pictures.map(({ info }) => info.id)), resolve });
      signal.addEventListener('abort', () => this.reports.delete(id), { once: true });
    });
  }

  /** The server asks which update there is; undefined when no flow listens or answers in time. */
  answerQuery(query: OtaQuery): Promise<OtaRelease | undefined> {
    if (this.listenerCount('ota') === 0) return Promise.resolve(undefined);
    const id = String(++this.count);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(undefined), this.timeoutMs);
      const finish = (release: OtaRelease | undefined): void => {
        clearTimeout(timer);
        this.queries.delete(id);
        resolve(release);
      };
      this.queries.set(id, { resolve: finish });
      this.emit('ota', query, { kind: 'ota', id });
    });
  }

  /**
   * The flow's answer to a report. A refusal counts at once; taken is taken when it was said of every picture,
   * or of the report as a whole.
   * @param picture id of the picture that the answer is about
   * @throws SnapflowError `TIMEOUT` when the device no longer waits
   */
  replyReport(id: string, answer: FlowAnswer | undefined, picture?: string): void {
    const open = this.reports.get(id);
    if (!open) throw over();
    if (
      answer === undefined &&
      picture !== undefined &&
      open.pictures.delete(picture) &&
      open.pictures.size > 0
    )
      return;
    this.reports.delete(id);
    open.resolve(answer);
  }

  /** @throws SnapflowError `TIMEOUT` when the device no longer waits */
  replyQuery(id: string, release: OtaRelease | undefined): void {
    const open = this.queries.get(id);
    if (!open) throw over();
    open.resolve(release);
  }

  /** Nobody waits any longer. */
  close(): void {
    for (const { resolve } of this.queries.values()) resolve(undefined);
  }
}

function over(): SnapflowError {
  return new SnapflowError('TIMEOUT', 'The camera no longer waits for this answer.', { system: 'lenfocus' });
}
