/** What a `thingscloud-project` does. */
import type { NodeParts } from '../shared/node';
import { fixedSecret } from '../shared/secret';
import { openProject, type ProjectConfig, type ProjectNode } from './project';

export function setUp({ RED, node, life }: NodeParts<ProjectNode>, config: ProjectConfig): void {
  const project = openProject(RED, config, fixedSecret(RED, node, config, 'projectKey'));
  node.project = project;
  life.own(() => project.close());
}
