/** What the tests of the OneNET nodes share. */
import accountModule from '../../../nodes/onenet/onenet-account';
import commandModule from '../../../nodes/onenet/onenet-command';
import deviceModule from '../../../nodes/onenet/onenet-device';
import fileModule from '../../../nodes/onenet/onenet-file';
import liveModule from '../../../nodes/onenet/onenet-live';
import pictureModule from '../../../nodes/onenet/onenet-picture';
import videoModule from '../../../nodes/onenet/onenet-video';
import type { StoredFields } from '../../../nodes/onenet/field-values';
import type { Flow } from '../support/runtime';

export const modules = [
  accountModule,
  commandModule,
  deviceModule,
  fileModule,
  liveModule,
  pictureModule,
  videoModule,
];

/** What a Catch node finds in `msg.error`. */
export interface CaughtError {
  message: string;
  code: string;
  cause: { platform?: { code?: unknown; httpStatus?: number }; details?: Record<string, unknown> };
}

/** Fields as the dialog stores them: text, but `msg.x` from the message. */
export function fieldsOf(values: Record<string, string>): StoredFields {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) =>
      value.startsWith('msg.')
        ? [name, { value: value.slice('msg.'.length), type: 'msg' }]
        : [name, { value, type: 'str' }],
    ),
  );
}

/** The fields of an operation, each from the property `input` of the message. */
export function fromInput(names: readonly string[]): StoredFields {
  return Object.fromEntries(names.map((name) => [name, { value: `input.${name}`, type: 'msg' }]));
}

/** An account, one node with one operation, and what collects its messages and errors. */
export function flowWith(address: string, node: { type: string; [property: string]: unknown }): Flow {
  return [
    { id: 'tab', type: 'tab' },
    { id: 'acc', type: 'onenet-account', address, timeout: 10 },
    { id: 'n', z: 'tab', account: 'acc', wires: [['out']], ...node },
    { id: 'out', type: 'collect', z: 'tab', wires: [] },
    { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
    { id: 'caught', type: 'collect', z: 'tab', wires: [] },
  ];
}
