/** Node `thingscloud-upload`: a picture in, the platform's answer out when it has arrived. */
import { addOutboxRoutes } from '../shared/delivery/routes';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { UploadConfig } from './upload-node';

const load = () => require('./upload-node') as typeof import('./upload-node');

export = (RED: Red): void => {
  registerNode<UploadConfig>(RED, 'thingscloud-upload', (parts, config) => load().setUp(parts, config), {
    credentials: { accessToken: { type: 'password' } },
  });
  addOutboxRoutes(RED);
};
