/** What the buttons of the `snapflow-fetch` dialog do, with the values on screen. */
import { text } from '../../lib/texts/mark';
import { PRESETS } from '../../lib/web/presets';
import type { Asker } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { pictureView } from '../shared/picture-view';
import type { Red } from '../shared/red';
import { draftText, typedProperty } from '../shared/typed-value';
import { withDraftWebCamera, type FetchConfig } from './web-camera';

/** Name of the field, for errors. */
export const PATH = text('The path');

export function presets(): object {
  return { presets: PRESETS };
}

/** A path that only a message knows need not be known to see whether the camera answers and takes the login. */
export function test(RED: Red, draft: Draft<FetchConfig>, { signal }: Asker): Promise<object> {
  return withDraftWebCamera(RED, draft, signal, async (camera, config) => {
    const { type = 'str' } = typedProperty(config, 'path');
    const isKnown = type === 'str' || type === 'env';
    return camera.probe(isKnown ? await pathOf(RED, config) : '/', { signal });
  });
}

export function takePicture(RED: Red, draft: Draft<FetchConfig>, { signal }: Asker): Promise<object> {
  return withDraftWebCamera(RED, draft, signal, async (camera, config) => {
    const pictures = await camera.snapshot(await pathOf(RED, config), { signal });
    return { pictures: pictures.map(pictureView) };
  });
}

function pathOf(RED: Red, config: FetchConfig): Promise<string> {
  const { value, type = 'str' } = typedProperty(config, 'path');
  return draftText({ RED, node: RED.nodes.getNode(config.id) ?? undefined }, { value, type }, PATH);
}
