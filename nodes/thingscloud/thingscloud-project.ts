/** Config node `thingscloud-project`: where pictures go, and how fast. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ProjectConfig, ProjectNode } from './project';

const load = () => require('./project-node') as typeof import('./project-node');

export = (RED: Red): void => {
  registerNode<ProjectConfig, ProjectNode>(
    RED,
    'thingscloud-project',
    (parts, config) => load().setUp(parts, config),
    { credentials: { projectKey: { type: 'password' } } },
  );
};
