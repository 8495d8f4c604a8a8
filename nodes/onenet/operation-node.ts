/** The runtime of all OneNET action nodes: a message in, the chosen operation, its result out. */
import { SnapflowError } from '../../lib/errors';
import { operationNamed, runOperation, type NodeType } from '../../lib/onenet';
import { onInput } from '../shared/input';
import { configNode, registerNode, type NodeParts } from '../shared/node';
import type { NodeConfig, Red } from '../shared/red';
import type { AccountNode } from './account';
import { fieldValues, type StoredFields } from './field-values';
import { watchPictures } from './node-operations';
import { sendResult, type ListAs } from './results';
import { uploadThroughLanes } from './upload';
import { watchForPictures } from './watch';
import { onenetKey } from './words';

export interface OperationConfig extends NodeConfig {
  account?: string;
  /** Name of the operation. */
  operation?: string;
  fields?: StoredFields;
  /** How the entries of a list are sent. */
  listAs?: ListAs;
}

export type SetUp = (parts: NodeParts, config: OperationConfig, account: AccountNode) => void;

/** Operations that need more than a call and an answer. */
const SPECIAL: Readonly<Record<string, SetUp>> = {
  [watchPictures.name]: watchForPictures,
  uploadPicture: uploadThroughLanes,
};

/** Registers a node that offers the operations of its type. */
export function registerOperationNode(RED: Red, type: NodeType): void {
  registerNode<OperationConfig>(RED, type, (parts, config) => {
    const account = configNode<AccountNode>(RED, config.account);
    const setUp = SPECIAL[config.operation ?? ''] ?? callForEachMessage;
    setUp(parts, config, account);
  });
}

const callForEachMessage: SetUp = (parts, config, { account }) => {
  const { RED, life, status, node } = parts;
  const operation = operationNamed(config.operation ?? '');
  if (operation?.node !== node.type) {
    throw new SnapflowError('BAD_INPUT', 'This node has no operation “{{name}}”: choose one in its dialog.', {
      system: 'onenet',
      values: { name: config.operation ?? '' },
    });
  }
  const listAs = config.listAs ?? 'messages';
  onInput(parts, async (msg, send) => {
    const input = await fieldValues(parts, operation, config.fields, msg);
    status.word('busy', onenetKey('status.working'));
    const result = runOperation(operation, account, input, { signal: life.signal });
    if (operation.output === 'bytes' && typeof input['name'] === 'string') msg['filename'] = input['name'];
    const count = await sendResult(RED, operation, result, { msg, send, listAs });
    if (count === undefined) status.word('ok', onenetKey('status.done'));
    else status.text('ok', onenetKey('status.listed'), { count });
  });
};
