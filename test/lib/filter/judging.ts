/** A filter on a clock that the test moves, and what it says in short. */
import type { ReadField } from '../../../lib/filter';
import { PictureFilter, type Candidate, type FilterOptions } from '../../../lib/filter';
import { FakeClock } from '../../support/fake-clock';

const NOTHING: ReadField = () => undefined;

export function judge(options: FilterOptions, clock = new FakeClock()) {
  const filter = new PictureFilter(options, clock);
  const decide = (data: Buffer, facts: Partial<Candidate> = {}) =>
    filter.decide({ data, device: 'camera', read: NOTHING, ...facts });
  /** `+reason` for one that passes, `-reason` for one that is held back. */
  const says = async (data: Buffer, facts: Partial<Candidate> = {}): Promise<string> => {
    const { pass, reason } = await decide(data, facts);
    return (pass ? '+' : '-') + reason;
  };
  return { filter, clock, decide, says };
}
