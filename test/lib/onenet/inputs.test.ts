import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SnapflowError } from '../../../lib/errors';
import {
  Account,
  operationNamed,
  operations,
  operationsOf,
  runOperation,
  type AnyOperation,
} from '../../../lib/onenet';
import { describeError } from '../../../lib/texts';

import { CASES } from './cases';
import { collect, JPEG } from './support';

/** An account whose requests all fail loudly: nothing that is refused here may be sent. */
function accountWithoutNetwork(): Account {
  const sent = () => Promise.reject(new Error('sent'));
  return new Account({
    apiKey: 'test-key',
    openClient: () => ({ request: sent, stream: sent, close: () => Promise.resolve() }),
  });
}

function named(name: string): AnyOperation {
  return operationNamed(name) ?? assert.fail(name);
}

async function refusal(name: string, input: Record<string, unknown>): Promise<SnapflowError | 'sent'> {
  const operation = named(name);
  try {
    const running = runOperation(operation, accountWithoutNetwork(), input);
    await (operation.output === 'list' ? collect(running as AsyncIterable<unknown>) : running);
  } catch (error) {
    return error instanceof Error && error.message === 'sent' ? 'sent' : (error as SnapflowError);
  }
  return assert.fail(`${name} sent nothing and refused nothing`);
}

const channel = { deviceId: '1', channelId: 1 };
const LIMITS: readonly (readonly [string, string, object, object, string?])[] = [
  ['ON-1.1', 'createDevice', { title: '门'.repeat(64) }, { title: '门'.repeat(65) }],
  ['ON-1.1', 'createDevice', { title: 'a', latitude: 90 }, { title: 'a', latitude: 90.1 }],
  ['ON-1.1', 'createDevice', { title: 'a', longitude: -180 }, { title: 'a', longitude: 'west' }],
  ['ON-1.1', 'createDevice', { title: 'a', other: '{}' }, { title: 'a', other: '[]' }],
  ['ON-1.1', 'createDevice', { title: 'a', authInfo: '{"a":1}' }, { title: 'a', authInfo: '{"a":' }],
  ['ON-1.1', 'createDevice', { title: 'a', private: 'true' }, { title: 'a', private: 1 }],
  ['ON-1.2', 'registerDevice', { registrationCode: 'c', mac: 'm'.repeat(512) }, { registrationCode: 'c' }],
  [
    'ON-1.2',
    'registerDevice',
    { registrationCode: 'c', mac: 'm' },
    { registrationCode: 'c', mac: 'm', serialNumber: 's' },
  ],
  [
    'ON-1.2',
    'registerDevice',
    { registrationCode: 'c', mac: 'm' },
    { registrationCode: 'c', mac: 'm'.repeat(513) },
  ],
  [
    'ON-1.2',
    'registerDevice',
    { registrationCode: 'c', mac: 'm', title: 't'.repeat(32) },
    { registrationCode: 'c', mac: 'm', title: 't'.repeat(33) },
  ],
  [
    'ON-1.3',
    'updateDevice',
    { deviceId: '1', title: 't'.repeat(64) },
    { deviceId: '1', title: 't'.repeat(65) },
  ],
  ['ON-1.4', 'getDevice', { deviceId: 'a.b-c_d:1' }, { deviceId: '..' }],
  ['ON-1.4', 'getDevice', { deviceId: 5 }, { deviceId: 'a/b' }],
  ['ON-1.4', 'getDevice', { deviceId: ' 5 ' }, { deviceId: '' }],
  ['ON-1.4', 'getDevice', { deviceId: 2 ** 53 - 1 }, { deviceId: 2 ** 53 }],
  [
    'ON-1.5',
    'searchDevices',
    { deviceIds: Array<number>(100).fill(1) },
    { deviceIds: Array<number>(101).fill(1) },
  ],
  ['ON-1.5', 'searchDevices', { pageSize: 100 }, { pageSize: 101 }],
  ['ON-1.5', 'searchDevices', { page: 10_000 }, { page: 10_001 }],
  ['ON-2.3', 'addChannel', { ...channel, title: 'A1'.repeat(32) }, { ...channel, title: 'a'.repeat(65) }],
  ['ON-2.4', 'modifyChannel', { ...channel, title: '1' }, { ...channel, title: 'a b' }],
  [
    'ON-3.1',
    'sendCommand',
    { deviceId: '1', content: '门'.repeat(21_845) },
    { deviceId: '1', content: '门'.repeat(21_846) },
    'TOO_LARGE',
  ],
  [
    'ON-3.1',
    'sendCommand',
    { deviceId: '1', content: Buffer.alloc(65_535) },
    { deviceId: '1', content: Buffer.alloc(65_536) },
    'TOO_LARGE',
  ],
  ['ON-3.1', 'sendCommand', { deviceId: '1', content: 0 }, { deviceId: '1', content: 1n }],
  [
    'ON-3.1',
    'sendCommand',
    { deviceId: '1', content: 'a', kind: 'user' },
    { deviceId: '1', content: 'a', kind: 'toString' },
  ],
  ['ON-3.2a', 'setStreamLevel', { ...channel, level: 'high' }, { ...channel, level: 3 }],
  ['ON-3.2b', 'movePtz', { ...channel, movement: 'up', speed: 7 }, { ...channel, movement: 'up', speed: 8 }],
  [
    'ON-3.2b',
    'movePtz',
    { ...channel, movement: 'up', speed: '1' },
    { ...channel, movement: 'up', speed: 1.5 },
  ],
  [
    'ON-3.2b',
    'movePtz',
    { ...channel, movement: 'up' },
    { deviceId: '1', channelId: 'front', movement: 'up' },
  ],
  ['X-ON-a', 'takePicture', { ...channel, quality: 100 }, { ...channel, quality: 0 }],
  [
    'ON-4.1u',
    'getHistoryAddress',
    { ...channel, startTime: 1, endTime: 2 },
    { ...channel, startTime: 2, endTime: 2 },
  ],
  ['ON-4.2', 'preloadHls', { ...channel, idleSeconds: 120 }, { ...channel, idleSeconds: 121 }],
  [
    'ON-5.2',
    'listPictures',
    { ...channel, startTime: '2018-02-28 23:59:59' },
    { ...channel, startTime: '2018-02-30 00:00:00' },
  ],
  ['ON-6.3', 'deleteVideos', { ...channel, videoIds: 'a' }, { ...channel, videoIds: ' , ' }],
  ['ON-8', 'getOnlineStatus', { deviceIds: '1' }, { deviceIds: [] }],
  [
    'ON-11',
    'passThrough',
    { deviceId: '1', content: 'a'.repeat(128) },
    { deviceId: '1', content: '门'.repeat(43) },
    'TOO_LARGE',
  ],
  [
    'ON-15.1',
    'uploadFile',
    { productId: '1', name: 'n'.repeat(256), content: Buffer.alloc(8_388_608) },
    { productId: '1', name: 'n', content: Buffer.alloc(8_388_609) },
    'TOO_LARGE',
  ],
  [
    'ON-15.1',
    'uploadFile',
    { productId: '1', name: 'n', content: 'a', description: 'd'.repeat(1024) },
    { productId: '1', name: 'n', content: 'a', description: 'd'.repeat(1025) },
  ],
  [
    'ON-15.2',
    'downloadFile',
    { productId: '1', name: 'n'.repeat(256) },
    { productId: '1', name: 'n'.repeat(257) },
  ],
];

describe('OneNET inputs', () => {
  for (const [id, name, good, bad, code = 'BAD_INPUT'] of LIMITS) {
    it(`${id} ${name} sends ${shown(good)}, refuses ${shown(bad)} before anything is sent`, async () => {
      assert.equal(await refusal(name, good as Record<string, unknown>), 'sent');
      const error = await refusal(name, bad as Record<string, unknown>);
      assert.ok(error !== 'sent');
      assert.deepEqual([error.code, error.system], [code, 'onenet']);
      assert.ok(!error.message.includes('{{'), error.message);
    });
  }

  it('names the field that is missing, in both languages', async () => {
    const error = await refusal('deletePicture', { deviceId: '1', name: 'x' });
    assert.ok(error !== 'sent');
    assert.equal(error.message, 'Channel is missing.');
    assert.equal(describeError(error, 'zh-CN'), '缺少“通道”。');
  });

  it('ON-1.1 … ON-15.4 refuse an input without any of the required fields, each of them', async () => {
    for (const operation of operations) {
      const input = CASES[operation.name]?.[0]?.input ?? {};
      for (const [name, { required, label }] of Object.entries(operation.fields)) {
        if (!required) continue;
        const error = await refusal(operation.name, { ...input, [name]: undefined });
        assert.ok(error !== 'sent', `${operation.name} without ${name}`);
        assert.deepEqual([error.code, error.message], ['BAD_INPUT', `${label} is missing.`]);
      }
    }
  });

  it('ON-1.1 … ON-15.4 never crash on anything a flow may hold', async () => {
    const anything = fc.anything({ withDate: true, withBigInt: true, withTypedArray: true });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations),
        fc.infiniteStream(anything),
        async (operation, values) => {
          const names = Object.keys(operation.fields);
          const input = Object.fromEntries(names.map((name) => [name, values.next().value as unknown]));
          const error = await refusal(operation.name, input);
          if (error !== 'sent')
            assert.ok(['BAD_INPUT', 'TOO_LARGE', 'UNSUPPORTED_FORMAT'].includes(error.code));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes bytes that are no Buffer', async () => {
    assert.equal(await refusal('uploadPicture', { ...channel, picture: new Uint8Array(JPEG) }), 'sent');
  });

  it('offers every operation in the node of its chapter', () => {
    const nodeOf: Record<string, string> = {
      1: 'onenet-device',
      2: 'onenet-device',
      3: 'onenet-command',
      4: 'onenet-live',
      5: 'onenet-picture',
      6: 'onenet-video',
      7: 'onenet-live',
      8: 'onenet-device',
      9: 'onenet-device',
      10: 'onenet-device',
      11: 'onenet-device',
      12: 'onenet-live',
      13: 'onenet-live',
      14: 'onenet-device',
      15: 'onenet-file',
    };
    for (const { chapter, node, id } of operations)
      assert.equal(node, nodeOf[chapter.split('.')[0] ?? ''], id);
    assert.equal(operationsOf('onenet-picture').length, 5);
    assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length);
    assert.equal(new Set(operations.map(({ name }) => name)).size, operations.length);
  });
});

function shown(input: object): string {
  const text = JSON.stringify(input, (_name, value: unknown) =>
    typeof value === 'string' && value.length > 40
      ? `${value.slice(0, 3)}… (${value.length})`
      : typeof value === 'bigint'
        ? 'a BigInt'
        : value,
  );
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
