/** What all OneNET action nodes do: a message in, the chosen operation, its result out. */
import { SnapflowError } from '../../lib/errors';
import { operationNamed, runOperation } from '../../lib/onenet';
import type { OutboxConfig } from '../shared/delivery/outbox-config';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import type { NodeConfig } from '../shared/red';
import type { AccountNode } from './account';
import { fieldValues, type StoredFields } from './field-values';
import { watchPictures } from './node-operations';
import { sendResult, type ListAs } from './results';
import { uploadFiles, uploadPictures } from './upload';
import { watchForPictures } from './watch';
import { onenetKey } from './words';

export interface OperationConfig extends NodeConfig {
  account?: string;
  /** Name of the operation. */
  operation?: string;
  fields?: StoredFields;
  /** How the entries of a list are sent. */
  listAs?: ListAs;
  /** Where uploads wait. */
  /** Uploading pictures: makes those that are too large smaller, and turns those that are not stored into JPEG. */
  fit?: boolean;
  /** Bytes that a fitted picture has at most. */
  fitBytes?: string | number;
  outbox?: OutboxConfig;
}

export type OperationSetUp = (parts: NodeParts, config: OperationConfig, account: AccountNode) => void;

/** Operations that need more than a call and an answer. */
const SPECIAL: Readonly<Record<string, OperationSetUp>> = {
  [watchPictures.name]: watchForPictures,
  uploadPicture: uploadPictures,
  uploadFile: uploadFiles,
};

export function setUp(parts: NodeParts, config: OperationConfig): void {
  const account = configNode<AccountNode>(parts.RED, config.account);
  const special = SPECIAL[config.operation ?? ''] ?? callForEachMessage;
  special(parts, config, account);
}

const callForEachMessage: OperationSetUp = (parts, config, { account }) => {
  const { life, status, node } = parts;
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
    const count = await sendResult(parts, operation, result, { msg, send, listAs });
    if (count === undefined) status.word('ok', onenetKey('status.done'));
    else status.text('ok', onenetKey('status.listed'), { count });
  });
};
