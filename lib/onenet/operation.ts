/** An operation of the platform: a typed function that carries its own description. */
import type { HttpCall, HttpReply } from '../http/types';
import type { Account, Authentication } from './account';
import { readEnvelope, type Envelope } from './envelope';
import { readFields, type Fields, type Input, type Values } from './fields';
import type { Asked, Refusal } from './refusals';

/** The node whose dialog offers it. */
export type NodeType =
  'onenet-device' | 'onenet-command' | 'onenet-live' | 'onenet-picture' | 'onenet-video' | 'onenet-file';

/**
 * What it gives: one value, one picture, the bytes of a file, or an async iterable of values.
 */
export type Output = 'value' | 'picture' | 'bytes' | 'list';

export interface OperationInfo<F extends Fields = Fields> {
  /** Number in the inventory, such as `ON-5.4`. */
  readonly id: string;
  /** Name of the function. */
  readonly name: string;
  /** Chapter of the document, such as `5.4`. */
  readonly chapter: string;
  readonly node: NodeType;
  /** English; `lib/texts` has the translation. */
  readonly title: string;
  readonly output: Output;
  /** Whether it changes something at the platform or a device. Such a call is never repeated by itself. */
  readonly sideEffects: boolean;
  /** Whether the document demands the master key. */
  readonly masterKey: boolean;
  readonly fields: F;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export type Operation<F extends Fields, R> = OperationInfo<F> &
  ((account: Account, input: Input<F>, options?: CallOptions) => R);

/** Any operation, for lists of them: call it through `runOperation`. */
export type AnyOperation = OperationInfo &
  ((account: Account, input: never, options?: CallOptions) => Promise<unknown> | AsyncIterable<unknown>);

/** Parameters of a query, under their wire names; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  method: HttpCall['method'];
  path: string;
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, as `contentType` (default `application/octet-stream`). */
  body?: Buffer;
  contentType?: string;
  /** Default `key`. */
  authentication?: Authentication;
}

/** What an operation works with. */
export interface Call {
  readonly account: Account;
  readonly signal: AbortSignal | undefined;
  readonly asked: Asked;
  /** Sends a request; the reply as it came. */
  send(request: ApiRequest): Promise<HttpReply>;
  /** Sends a request and reads the envelope of its answer. */
  ask(request: ApiRequest): Promise<Envelope>;
}

interface Definition<F extends Fields, R> extends Omit<OperationInfo<F>, 'output' | 'masterKey'> {
  readonly output?: Output;
  readonly masterKey?: boolean;
  /** What its own `errno` mean. */
  readonly refusals?: Readonly<Record<number, Refusal>>;
  readonly run: (call: Call, input: Values<F>) => R;
}

/** An operation with one result. */
export function operation<F extends Fields, T>(
  definition: Definition<F, Promise<T>>,
): Operation<F, Promise<T>> {
  const info = infoOf(definition, 'value');
  const perform = async (account: Account, input: Input<F>, options: CallOptions = {}): Promise<T> => {
    const values = readFields(info.fields, input, account.zone);
    return definition.run(callOf(account, definition, options), values);
  };
  return described(perform, info);
}

/** An operation whose results come one by one. Its input is read when the first one is asked for. */
export function listing<F extends Fields, T>(
  definition: Definition<F, AsyncIterable<T>>,
): Operation<F, AsyncIterable<T>> {
  const info = infoOf(definition, 'list');
  const perform = (account: Account, input: Input<F>, options: CallOptions = {}): AsyncIterable<T> => ({
    [Symbol.asyncIterator]: () => {
      const values = readFields(info.fields, input, account.zone);
      return definition.run(callOf(account, definition, options), values)[Symbol.asyncIterator]();
    },
  });
  return described(perform, info);
}

/** Runs an operation by its description. @param input by field name; checked as any input */
export function runOperation(
  operation: AnyOperation,
  account: Account,
  input: Record<string, unknown>,
  options?: CallOptions,
): Promise<unknown> | AsyncIterable<unknown> {
  // The type of its input is unknown here; the operation reads and checks every field itself.
  return operation(account, input as never, options);
}

/** An info is a function's property, except that `name` must be defined, not assigned. */
function described<P extends (...args: never[]) => unknown, I extends { name: string }>(
  perform: P,
  { name, ...info }: I,
): P & I {
  Object.defineProperty(perform, 'name', { value: name });
  return Object.assign(perform, info) as P & I;
}

function infoOf<F extends Fields>(
  { run: _run, refusals: _refusals, ...info }: Definition<F, unknown>,
  output: Output,
): OperationInfo<F> {
  return { output, masterKey: false, ...info };
}

function callOf(
  account: Account,
  { title, refusals, sideEffects }: Pick<Definition<Fields, unknown>, 'title' | 'refusals' | 'sideEffects'>,
  { signal }: CallOptions,
): Call {
  const asked: Asked = {
    title,
    ...(refusals && { refusals }),
    conceal: (said) => account.conceal(said),
  };
  const send = ({ method, path, query, authentication = 'key', ...content }: ApiRequest) =>
    account.send({
      method,
      path: path + queryText(query),
      redactedPath: path,
      authentication,
      repeatable: !sideEffects,
      ...contentOf(content),
      ...(signal && { signal }),
    });
  const ask = async (request: ApiRequest) => readEnvelope(await send(request), asked);
  return { account, signal, asked, send, ask };
}

function contentOf({ json, body, contentType }: Pick<ApiRequest, 'json' | 'body' | 'contentType'>) {
  if (json !== undefined) {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
  }
  return body && { headers: { 'content-type': contentType ?? 'application/octet-stream' }, body };
}

function queryText(query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}
