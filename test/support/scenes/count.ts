/** Runs scenes through a filter with default settings and counts what it does wrong. */
import { PictureFilter, type FilterOptions } from '../../../lib/filter';
import { sceneOf, type SceneKind, type SceneSize } from './scenes';

export interface SceneCount {
  /** Still pictures after the first one. */
  still: number;
  /** Of those, the ones that passed as if something had changed. */
  falsePasses: number;
  intruders: number;
  /** Of those, the ones that were held back. */
  missed: number;
}

export interface Extent {
  /** First seed. */
  from: number;
  /** Places. */
  seeds: number;
  /** Still pictures of each. */
  stills: number;
  size?: SceneSize;
}

export async function countScenes(
  kind: SceneKind,
  { from, seeds, stills, size }: Extent,
  options: FilterOptions = { changed: {} },
): Promise<SceneCount> {
  const count: SceneCount = { still: 0, falsePasses: 0, intruders: 0, missed: 0 };
  for (let seed = from; seed < from + seeds; seed++) {
    const filter = new PictureFilter(options);
    for await (const { jpeg, intruder } of sceneOf(kind, seed, stills, size)) {
      const { pass, reason } = await filter.decide({ data: jpeg, device: kind, read: () => undefined });
      if (reason === 'first') continue;
      if (intruder) {
        count.intruders += 1;
        if (!pass) count.missed += 1;
      } else {
        count.still += 1;
        if (pass) count.falsePasses += 1;
      }
    }
  }
  return count;
}
