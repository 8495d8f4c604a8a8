/** What a `snapflow-fetch` does. */
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { fixedSecret } from '../shared/secret';
import { pictureTaker } from '../shared/snapshot';
import { typedProperty, typedText } from '../shared/typed-value';
import { sharedKey } from '../shared/words';
import { PATH } from './fetch-dialog';
import { openWebCamera, type FetchConfig, type FetchNode } from './web-camera';

const DEVICE = text('The name of the camera');

export function setUp(parts: NodeParts<FetchNode>, config: FetchConfig): void {
  const { RED, life, node } = parts;
  node.config = config;
  const camera = openWebCamera(RED, config, {
    username: fixedSecret(RED, node, config, 'username'),
    password: fixedSecret(RED, node, config, 'password'),
  });
  life.own(() => camera.close());
  if (config.tlsMode === 'off') node.warn(RED._(sharedKey('tls.offWarning')));
  const take = pictureTaker(parts, {
    system: 'snapflow',
    whenBusy: config.whenBusy,
    words: { taking: 'status.taking', taken: 'status.taken' },
  });

  onInput(parts, async (msg, send) => {
    const path = await typedText(parts, typedProperty(config, 'path'), msg, PATH);
    const device = await typedText(parts, typedProperty(config, 'device'), msg, DEVICE);
    await take(msg, send, JSON.stringify([camera.target(path), device]), (signal) =>
      camera.snapshot(path, { signal, device }),
    );
  });
}
