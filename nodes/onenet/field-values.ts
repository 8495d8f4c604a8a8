/** The fields of an operation: how a node keeps them, and their values for one message or for a dialog. */
import type { OperationInfo } from '../../lib/onenet';
import type { Message } from '../shared/red';
import { draftText, typedValue, type Scope, type TypedProperty } from '../shared/typed-value';

/** By field name; what is left empty is not in it. */
export type StoredFields = Readonly<Record<string, TypedProperty | undefined>>;

/**
 * What the operation is given. Empty fields are undefined: the operation knows what is needed and what is usual.
 * @param msg none for what runs by itself
 * @throws SnapflowError `BAD_INPUT` when a value cannot be worked out
 */
export async function fieldValues(
  scope: Scope,
  { fields }: Pick<OperationInfo, 'fields'>,
  stored: StoredFields = {},
  msg?: Message,
): Promise<Record<string, unknown>> {
  const values = Object.keys(fields).map(async (name) => {
    const property = stored[name];
    return [name, property?.value ? await typedValue(scope, property, msg) : undefined] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

/**
 * What the operation is given when it is tried from its dialog.
 * @throws SnapflowError `BAD_INPUT` for a field that is only known while the flow runs
 */
export async function draftValues(
  scope: Scope,
  { fields }: Pick<OperationInfo, 'fields'>,
  stored: StoredFields,
): Promise<Record<string, unknown>> {
  const values = Object.entries(fields).map(async ([name, { label }]) => {
    const { value, type } = stored[name] ?? {};
    if (!value) return [name, undefined] as const;
    // Numbers and JSON are read from their text by the operation itself.
    const plain = type === 'num' || type === 'json' ? 'str' : type;
    return [name, await draftText(scope, { value, type: plain }, label)] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
