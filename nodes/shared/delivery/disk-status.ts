import type { OutboxState } from '../../../lib/delivery/outbox';
import type { NodeParts } from '../node';
import { UPLOADING, type StatusWords } from './target';
import { ToldOnce } from './told-once';
import { outboxKey } from './words';

/** What a disk says when it is full. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Shows an outbox in its node's status, and tells in the log why it stands. */
export class DiskStatus {
  readonly #parts: NodeParts;
  readonly #told: ToldOnce;

  readonly #words: StatusWords;

  constructor(parts: NodeParts, words: StatusWords = UPLOADING) {
    this.#parts = parts;
    this.#words = words;
    this.#told = new ToldOnce(parts);
  }

  show(state: OutboxState): void {
    const { status } = this.#parts;
    const { problem, held, retrying, waiting: count, dead, counters } = state;
    this.#told.tell([...(problem ? [problem] : []), ...held.map(({ error }) => error)]);
    if (problem) status.word('error', outboxKey(`status.${problemWord(state)}`));
    else if (held.length > 0) status.text('waiting', outboxKey('status.held'), { count });
    else if (retrying > 0) status.text('waiting', outboxKey('status.retrying'), { count });
    else if (count > 1) status.text('busy', outboxKey('status.waiting'), { count });
    else if (count === 1) status.word('busy', outboxKey(this.#words.busy));
    else if (dead.items > 0) status.text('error', outboxKey('status.dead'), { count: dead.items });
    else if (counters.delivered > 0) status.word('ok', outboxKey(this.#words.done));
    else status.clear();
  }
}

function problemWord({ problem }: OutboxState): 'full' | 'inUse' | 'folder' {
  if (FULL.has(problem?.details?.['errno'])) return 'full';
  return problem?.code === 'BAD_INPUT' ? 'inUse' : 'folder';
}
