/** Config node `thingscloud-project`: where pictures go, and how fast. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { openProject, type ProjectConfig, type ProjectNode } from './project';

export = (RED: Red): void => {
  registerNode<ProjectConfig, ProjectNode>(
    RED,
    'thingscloud-project',
    ({ node, life }, config) => {
      const project = openProject(RED, config, fixedSecret(RED, node, config, 'projectKey'));
      node.lanes = project.lanes;
      node.watch = project.watch;
      life.own(() => project.close());
    },
    { credentials: { projectKey: { type: 'password' } } },
  );
};
