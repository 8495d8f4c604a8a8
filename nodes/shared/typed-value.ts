/** Values that a dialog lets the user take from text, the message, the context, the environment or JSONata. */
import { SnapflowError } from '../../lib/errors';
import type { Message, NodeConfig, Red, RedNode } from './red';

/** Where a value is looked up: the node's flow and group matter for context and environment. */
export interface Scope {
  RED: Red;
  node: RedNode | undefined;
}

/** A value of a typed input as the editor stores it: two properties of the config. */
export interface TypedProperty {
  value: string | undefined;
  /** `str`, `num`, `msg`, `flow`, `global`, `env` or `jsonata`. Default: `str`. */
  type: string | undefined;
}

/** The typed input `name` of a dialog: kept in the config as `<name>` and `<name>Type`. */
export function typedProperty(config: NodeConfig, name: string): TypedProperty {
  const stored = config as unknown as Record<string, string | undefined>;
  return { value: stored[name], type: stored[`${name}Type`] };
}

/**
 * The value for one message.
 * @throws SnapflowError `BAD_INPUT` when a JSONata expression or a context store fails
 */
export async function typedValue(
  { RED, node }: Scope,
  { value, type }: TypedProperty,
  msg: Message | undefined,
): Promise<unknown> {
  try {
    // The callback form alone works with every context store and with JSONata; some types throw at once, which
    // a promise's executor turns into a rejection too.
    return await new Promise((resolve, reject) => {
      RED.util.evaluateNodeProperty(value ?? '', type ?? 'str', node, msg, (error, result) => {
        if (error == null) resolve(result);
        else reject(error);
      });
    });
  } catch (error) {
    // JSONata throws plain objects.
    const { message = String(error) } = error as { message?: string };
    throw new SnapflowError('BAD_INPUT', 'A value of the node cannot be worked out: {{reason}}', {
      values: { reason: message },
      cause: error,
    });
  }
}

/**
 * The value as text, blanks around it cut; `''` when there is none.
 * @param field the field's name in English, marked by `text(…)`, for the error
 * @throws SnapflowError `BAD_INPUT` when the value is neither text nor number
 */
export async function typedText(
  scope: Scope,
  property: TypedProperty,
  msg: Message | undefined,
  field: string,
): Promise<string> {
  const value = await typedValue(scope, property, msg);
  if (value == null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  throw new SnapflowError('BAD_INPUT', '{{field}} must be text or a number.', { values: { field } });
}

/**
 * The value as text that must be there.
 * @throws SnapflowError `BAD_INPUT` when it is missing, empty or no text
 */
export async function requiredText(
  scope: Scope,
  property: TypedProperty,
  msg: Message | undefined,
  field: string,
): Promise<string> {
  const value = await typedText(scope, property, msg, field);
  if (value === '') throw missing(field);
  return value;
}

/** @param field the field's name in English, marked by `text(…)` */
export function missing(field: string): SnapflowError {
  return new SnapflowError('BAD_INPUT', '{{field}} is missing: fill it in, or set it in the message.', {
    values: { field },
  });
}

/**
 * The value as a dialog knows it, without a message.
 * @throws SnapflowError `BAD_INPUT` when it is only known while the flow runs
 */
export async function draftText(scope: Scope, property: TypedProperty, field: string): Promise<string> {
  if (property.type !== 'str' && property.type !== 'env') {
    throw new SnapflowError(
      'BAD_INPUT',
      '{{field}} is only known while the flow runs: choose text to try a value here.',
      { values: { field } },
    );
  }
  return typedText(scope, property, undefined, field);
}
