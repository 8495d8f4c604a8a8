/** The fields of a command's dialog → the parameters of its operation, for one message. */
import { SnapflowError } from '../../lib/errors';
import { OPERATIONS, type FieldSpec, type OperationName } from '../../lib/lenfocus';
import type { Message } from '../shared/red';
import { typedValue, type Scope, type TypedProperty } from '../shared/typed-value';

/** By name, those of a group as `group.name`. What is not there, or of type `none`, is not sent. */
export type StoredFields = Record<string, TypedProperty | undefined>;

/** @throws SnapflowError `BAD_INPUT` when the stored JSON is none */
export function storedFields(json: string): StoredFields {
  if (json === '') return {};
  try {
    return JSON.parse(json) as StoredFields;
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'The parameters of the command are no valid JSON.', {
      system: 'lenfocus',
      cause,
    });
  }
}

/**
 * The parameters of an operation, worked out for a message. Fields of other operations stay aside, so that a
 * user can switch to and fro in the dialog.
 * @throws SnapflowError `BAD_INPUT` when a value cannot be worked out
 */
export async function parametersOf(
  scope: Scope,
  operation: OperationName,
  stored: StoredFields,
  msg: Message,
): Promise<Record<string, unknown>> {
  return valuesOf(scope, OPERATIONS[operation].fields, '', stored, msg);
}

async function valuesOf(
  scope: Scope,
  fields: readonly FieldSpec[],
  prefix: string,
  stored: StoredFields,
  msg: Message,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const value =
      field.type === 'group'
        ? await valuesOf(scope, field.fields, `${prefix}${field.name}.`, stored, msg)
        : await valueOf(scope, stored[prefix + field.name], msg);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

async function valueOf(scope: Scope, property: TypedProperty | undefined, msg: Message): Promise<unknown> {
  if (!property || property.type === 'none') return undefined;
  // What a dialog offers as a list of choices is a number that the operation checks itself.
  const type = property.type === 'choice' ? 'str' : property.type;
  if (property.value === '' && type !== 'date') return undefined;
  return typedValue(scope, { ...property, type }, msg);
}
