/** What the filter misses and what it lets pass for nothing, on scenes of which it is known what they show. */
import { loadSharp } from '../../lib/picture/sharp';
import { LEAST_CONTRAST, LEAST_SHARE } from '../../test/support/scenes/intruder';
import { SCENE_KINDS, sceneOf, type SceneKind } from '../../test/support/scenes/scenes';
import type { Bench, Measures, Variant } from '../support/bench';
import { built } from '../support/built';

const OURS = 'Snapflow at its defaults';
const HASH = 'dHash of 9 × 8, 10 of 64 bits';

/** Still pictures of each scene; the filter knows the place by the first. */
const STILLS = 6;
/** Seeds of the unit tests, and those by which the default was chosen, are others. */
const FIRST_SEED = 1_000;

interface Scene {
  kind: SceneKind;
  pictures: Array<{ jpeg: Buffer; intruder: boolean }>;
}

/** Whether a picture is taken for another one than the last that was. */
type Judge = (picture: Buffer) => Promise<boolean>;

const judging =
  (newJudge: () => Judge): Variant =>
  () => {
    const scenes: Scene[] = [];
    return {
      async slot(units) {
        for (let seed = scenes.length / SCENE_KINDS.length; seed < units; seed++) {
          for (const kind of SCENE_KINDS) scenes.push(await draw(kind, FIRST_SEED + seed));
        }
        return measure(scenes.slice(0, units * SCENE_KINDS.length), newJudge);
      },
    };
  };

async function draw(kind: SceneKind, seed: number): Promise<Scene> {
  const pictures: Scene['pictures'] = [];
  for await (const picture of sceneOf(kind, seed, STILLS)) pictures.push(picture);
  return { kind, pictures };
}

async function measure(scenes: Scene[], newJudge: () => Judge): Promise<Measures> {
  const wrong: Measures = {
    missed: 0,
    false: 0,
    ...Object.fromEntries(SCENE_KINDS.map((kind) => [kind, 0])),
  };
  const add = (name: string, part: number, of: number) =>
    (wrong[name] = (wrong[name] ?? 0) + (100 * part) / of);
  const stills = scenes.length * (STILLS - 1);
  for (const { kind, pictures } of scenes) {
    const judge = newJudge();
    for (const [index, { jpeg, intruder }] of pictures.entries()) {
      const passes = await judge(jpeg);
      if (intruder && !passes) add('missed', 1, scenes.length);
      if (index === 0 || intruder || !passes) continue;
      add('false', 1, stills);
      add(kind, 1, stills / SCENE_KINDS.length);
    }
  }
  return wrong;
}

const snapflow = judging(() => {
  const { PictureFilter } = built<typeof import('../../lib/filter')>('filter');
  const filter = new PictureFilter({ changed: {} });
  return async (data) => (await filter.decide({ data, device: 'camera', read: () => undefined })).pass;
});

const hash = judging(() => {
  let last: boolean[] | undefined;
  return async (data) => {
    const light = await loadSharp()(data).resize(9, 8, { fit: 'fill' }).grayscale().raw().toBuffer();
    const bits = Array.from({ length: 64 }, (_, bit) => {
      const at = Math.floor(bit / 8) * 9 + (bit % 8);
      return (light[at] ?? 0) > (light[at + 1] ?? 0);
    });
    const passes = last === undefined || bits.filter((bit, index) => bit !== last?.[index]).length > 10;
    if (passes) last = bits;
    return passes;
  };
});

export const scenes: Bench = {
  title: 'Missed intruders and false changes',
  about:
    `Percent. Missed: of the pictures with something new of at least ${LEAST_SHARE * 100} % of the area (by day ` +
    `${LEAST_CONTRAST} of 255 from what it covers, at night less) those held back. False: of all still ones, and of each ` +
    'kind of scene, those that passed.',
  metrics: ['missed', 'false', ...SCENE_KINDS].map((name) => ({ name, unit: '%', digits: 1 })),
  variants: { [OURS]: snapflow, [HASH]: hash },
  targets: [
    { variant: OURS, metric: 'missed', atMost: 1, exact: true },
    { variant: OURS, metric: 'false', atMost: 2, exact: true },
  ],
  units: { full: 40, short: 3 },
  once: true,
  effort: { runs: 1, rounds: 1 },
};
