import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { registerNode, type NodeParts } from '../../../nodes/shared/node';
import type { NodeConfig } from '../../../nodes/shared/red';
import { fixedSecret, messageSecret } from '../../../nodes/shared/secret';
import { draftText, requiredText, typedText } from '../../../nodes/shared/typed-value';
import { startRuntime, type Runtime } from '../support/runtime';

describe('values of a dialog', () => {
  let runtime: Runtime;
  let parts: NodeParts;

  before(async () => {
    runtime = await startRuntime(
      [
        (RED) =>
          registerNode(
            RED,
            'holder',
            (made) => {
              parts = made;
            },
            { credentials: { key: { type: 'password' } } },
          ),
      ],
      [
        { id: 'tab', type: 'tab', env: [{ name: 'PLACE', value: 'door', type: 'str' }] },
        { id: 'n', type: 'holder', z: 'tab', wires: [] },
      ],
      { n: { key: 'stored-secret' } },
    );
    const context = parts.node as unknown as {
      context(): { flow: { set(key: string, value: unknown): void } };
    };
    context.context().flow.set('device', 'cam-7');
  });
  after(() => runtime.stop());

  const text = (type: string, value: string, msg = {}) =>
    typedText(parts, { type, value }, msg, 'The device');

  it('come from text, message, context, environment and JSONata', async () => {
    assert.equal(await text('str', '  cam-1 '), 'cam-1');
    assert.equal(await text('msg', 'device', { device: 'cam-2' }), 'cam-2');
    assert.equal(await text('msg', 'device', { device: 101 }), '101');
    assert.equal(await text('flow', 'device'), 'cam-7');
    assert.equal(await text('env', 'PLACE'), 'door');
    assert.equal(await text('jsonata', '"cam-" & n', { n: 3 }), 'cam-3');
    assert.equal(await text('msg', 'absent'), '');
  });

  it('that cannot be had reject, never throw', async () => {
    await assert.rejects(text('jsonata', '$(('), { code: 'BAD_INPUT' });
    await assert.rejects(text('jsonata', '$error("no device")'), {
      code: 'BAD_INPUT',
      message: /no device$/,
    });
    await assert.rejects(text('msg', 'a..b'), { code: 'BAD_INPUT' });
    await assert.rejects(text('msg', 'device', { device: { no: 'text' } }), { code: 'BAD_INPUT' });
    await assert.rejects(requiredText(parts, { type: 'msg', value: 'absent' }, {}, 'The device'), {
      code: 'BAD_INPUT',
      message: 'The device is missing: fill it in, or set it in the message.',
    });
  });

  it('are known to an open dialog only as text or environment', async () => {
    assert.equal(await draftText(parts, { type: 'env', value: 'PLACE' }, 'The device'), 'door');
    await assert.rejects(draftText(parts, { type: 'msg', value: 'device' }, 'The device'), {
      code: 'BAD_INPUT',
    });
  });

  it('that are secret come from the credentials, the environment or the message', async () => {
    const config = (fields: object) => ({ id: 'n', type: 'holder', ...fields }) as NodeConfig;
    const fixed = (fields: object) => fixedSecret(parts.RED, parts.node, config(fields), 'key');
    assert.equal(fixed({}), 'stored-secret');
    assert.equal(fixed({ keyType: 'env', keyFrom: 'PLACE' }), 'door');
    assert.equal(fixed({ keyType: 'env', keyFrom: 'ABSENT_VARIABLE' }), '');
    const fromMessage = config({ keyType: 'msg', keyFrom: 'token' });
    assert.equal(await messageSecret(parts, fromMessage, 'key', { token: 't1' }, 'The key'), 't1');
    assert.equal(await messageSecret(parts, config({}), 'key', {}, 'The key'), 'stored-secret');
  });
});
