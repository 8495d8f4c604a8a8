/** Labelled scenes: pictures of which it is known whether they show a change worth keeping. */
import { Camera, type Weather } from './camera';
import { intrude } from './intruder';
import { placeOf } from './place';
import { randomOf, type Random } from './random';

export type SceneKind =
  'noise' | 'brightness steps' | 'moving clouds' | 'day to night' | 'clock overlay' | 'wind';

export interface ScenePicture {
  jpeg: Buffer;
  /** Whether something came in; else nothing that matters changed. */
  intruder: boolean;
}

export interface SceneSize {
  width: number;
  height: number;
}

/** The weather of the picture number `index` of `count`. */
type Course = (index: number, count: number, random: Random) => Weather;

const COURSES: Record<SceneKind, Course> = {
  noise: (_index, _count, random) => ({ noise: random.between(4, 14) }),
  'brightness steps': (index, _count, random) =>
    index === 0
      ? {}
      : {
          gain: random.between(0.6, 1.45),
          offset: random.between(-8, 12),
          gamma: random.between(0.85, 1.15),
          noise: 4,
        },
  'moving clouds': (index) => ({ clouds: index * 0.06, noise: 4 }),
  'day to night': (index, count) => {
    const dark = index / Math.max(1, count - 1);
    return { gain: 1 - 0.8 * dark, dusk: dark, noise: 3 + 5 * dark };
  },
  'clock overlay': (index) => ({
    clock: new Date(Date.UTC(2026, 10, 22) + index * 37_123_000).toISOString().slice(0, 19).replace('T', ' '),
    noise: 4,
  }),
  wind: (_index, _count, random) => ({ shake: [random.whole(-1, 1), random.whole(-1, 1)], noise: 4 }),
};

export const SCENE_KINDS = Object.keys(COURSES) as SceneKind[];

/**
 * A course of still pictures, then one with an intruder, in the same weather.
 * @param seed chooses place, weather and intruder
 * @param count still pictures, the first of which is what the filter knows the place by
 */
export async function* sceneOf(
  kind: SceneKind,
  seed: number,
  count: number,
  { width, height }: SceneSize = { width: 640, height: 360 },
): AsyncGenerator<ScenePicture> {
  const random = randomOf(seed * 7919 + SCENE_KINDS.indexOf(kind));
  const place = placeOf(random, width, height);
  const camera = new Camera(place, random);
  const weather = (index: number) => COURSES[kind](index, count, random);
  for (let index = 0; index < count; index++) {
    yield { jpeg: await camera.take(place.paint, weather(index), random), intruder: false };
  }
  const entered = place.paint.copy();
  intrude(entered, random);
  yield { jpeg: await camera.take(entered, weather(count - 1), random), intruder: true };
}
