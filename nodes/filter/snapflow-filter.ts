/** Node `snapflow-filter`: a picture passes, or is held back with the reason. */
import { adminAction } from '../shared/admin';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { LastPicturesDraft } from './filter-dialog';
import type { FilterConfig } from './filter-options';

const load = () => require('./filter-node') as typeof import('./filter-node');
const dialog = () => require('./filter-dialog') as typeof import('./filter-dialog');

export = (RED: Red): void => {
  registerNode<FilterConfig>(RED, 'snapflow-filter', (parts, config) => load().setUp(parts, config));
  adminAction<LastPicturesDraft>(RED, '/snapflow/filter/pictures', (draft) => dialog().lastPictures(draft));
};
