/** Node `onenet-device`. What it does is data: see `operation-node` and `lib/onenet`. */
import type { Red } from '../shared/red';
import { registerOperationNode } from './operation-node';

export = (RED: Red): void => registerOperationNode(RED, 'onenet-device');
