/** Node `assetscontrols-photograph`: has a device take pictures or a video, or fetches the pictures of a record. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { PhotographConfig } from './photograph-input';

const load = () => require('./photograph-node') as typeof import('./photograph-node');

export = (RED: Red): void => {
  registerNode<PhotographConfig>(RED, 'assetscontrols-photograph', (parts, config) =>
    load().setUp(parts, config),
  );
};
