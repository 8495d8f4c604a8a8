/** What the buttons of the OneNET dialogs do, with the values on screen. */
import { SnapflowError } from '../../lib/errors';
import {
  listChannels,
  operationNamed,
  runOperation,
  searchDevices,
  testAccount,
  type AnyOperation,
} from '../../lib/onenet';
import { device } from '../../lib/onenet/common-fields';
import type { Picture } from '../../lib/picture';
import type { Asker } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { pictureView } from '../shared/picture-view';
import type { Red } from '../shared/red';
import type { Scope } from '../shared/typed-value';
import { withDraftAccount, type AccountConfig } from './account';
import { draftValues, type StoredFields } from './field-values';
import { canTry, shownOperations } from './node-operations';

export interface AccountDraft {
  account: Draft<AccountConfig>;
}

export interface OperationDraft extends AccountDraft {
  /** Id of the node: its environment counts. */
  node: string;
  operation: string;
  fields: StoredFields;
}

/** An entry of a list to pick from. */
interface Choice {
  value: string;
  label: string;
}

/** Most devices in a list to pick from; who has more types the id. */
const MAX_DEVICES = 500;
/** Most entries of a list that a dialog shows. */
const MAX_SHOWN = 20;

export function offeredOperations({ language }: Asker): object {
  return { operations: shownOperations(language) };
}

export function test(RED: Red, draft: Draft<AccountConfig>, { signal }: Asker): Promise<object> {
  return withDraftAccount(RED, draft, signal, (account) => testAccount(account, { signal }));
}

export function findDevices(RED: Red, { account: draft }: AccountDraft, { signal }: Asker): Promise<object> {
  return withDraftAccount(RED, draft, signal, async (account) => {
    const choices: Choice[] = [];
    const filter = { pageSize: 100, cap: MAX_DEVICES };
    for await (const { deviceId, title } of searchDevices(account, filter, { signal })) {
      choices.push(choice(deviceId, title));
    }
    return { choices };
  });
}

export async function findChannels(RED: Red, draft: OperationDraft, { signal }: Asker): Promise<object> {
  const { deviceId } = await draftValues(scopeOf(RED, draft), { fields: device }, draft.fields);
  return withDraftAccount(RED, draft.account, signal, async (account) => {
    const channels = await listChannels(account, { deviceId: deviceId as string }, { signal });
    return { choices: channels.map(({ channelId, title }) => choice(channelId, title)) };
  });
}

export async function tryOperation(RED: Red, draft: OperationDraft, { signal }: Asker): Promise<object> {
  const operation = operationNamed(draft.operation);
  if (!operation || !canTry(operation)) {
    throw new SnapflowError('BAD_INPUT', 'This operation cannot be tried from a dialog.', {
      system: 'onenet',
    });
  }
  const input = await draftValues(scopeOf(RED, draft), operation, draft.fields);
  return withDraftAccount(RED, draft.account, signal, (account) =>
    shownResult(operation, runOperation(operation, account, input, { signal })),
  );
}

function scopeOf(RED: Red, { node }: OperationDraft): Scope {
  return { RED, node: RED.nodes.getNode(node) ?? undefined };
}

function choice(value: string, title: string | undefined): Choice {
  return { value, label: title === undefined ? value : `${title} · ${value}` };
}

async function shownResult({ output }: AnyOperation, result: unknown): Promise<object> {
  switch (output) {
    case 'picture':
      return { pictures: [pictureView((await result) as Picture)] };
    case 'list':
      return { value: await firstOf(result as AsyncIterable<unknown>) };
    case 'bytes':
      return { value: { bytes: ((await result) as Buffer).length } };
    case 'value':
      return { value: await result };
  }
}

async function firstOf(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const first: unknown[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length >= MAX_SHOWN) break;
  }
  return first;
}
