/** Node `snapflow-fit`: a picture in, the same picture within its limits out. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { FitConfig } from './fit-options';

const load = () => require('./fit-node') as typeof import('./fit-node');

export = (RED: Red): void => {
  registerNode<FitConfig>(RED, 'snapflow-fit', (parts, config) => load().setUp(parts, config));
};
