/** The pictures a camera takes: the place, and parts of it drawn as pictures of their own. */
import { Scene } from '../scene';

export type Subject = 'face' | 'body' | 'vehicle' | 'plate' | 'scene';

const SIZES: Readonly<Record<Subject, readonly [number, number]>> = {
  face: [112, 112],
  body: [96, 192],
  vehicle: [320, 180],
  plate: [144, 48],
  scene: [640, 360],
};

/** Takes the picture of a subject. */
export type Photographer = (subject: Subject, at: Date) => Buffer;

/** @param sceneBytes size that the picture of the place is filled up to; 0: as large as it comes */
export function album(name: string, sceneBytes = 0): Photographer {
  const scenes = new Map<Subject, Scene>();
  return (subject, at) => {
    const [width, height] = SIZES[subject];
    const scene = scenes.get(subject) ?? new Scene({ name: `${name} ${subject}`, width, height });
    scenes.set(subject, scene);
    return scene.picture({ at, ...(subject === 'scene' && { bytes: sceneBytes }) });
  };
}
