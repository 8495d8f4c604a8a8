import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { resolveDraft, type DraftableNode } from '../../../nodes/shared/draft';
import { registerNode } from '../../../nodes/shared/node';
import type { NodeConfig, Red } from '../../../nodes/shared/red';
import { startRuntime, type Runtime } from '../support/runtime';

interface PlaceConfig extends NodeConfig {
  address?: string;
  keyType?: string;
  keyFrom?: string;
}

describe('a config node in an open dialog, not yet deployed', () => {
  let runtime: Runtime;
  let RED: Red;

  before(async () => {
    process.env['SNAPFLOW_TEST_KEY'] = 'from-environment';
    process.env['SNAPFLOW_TEST_HOST'] = 'https://cam.test';
    runtime = await startRuntime(
      [
        (given) => {
          RED = given;
          registerNode<PlaceConfig, DraftableNode<PlaceConfig>>(
            RED,
            'place',
            ({ node }, config) => {
              node.config = config;
            },
            { credentials: { key: { type: 'password' } } },
          );
        },
      ],
      [{ id: 'p', type: 'place', address: 'https://cam.test' }],
      { p: { key: 'stored-secret' } },
    );
  });
  after(() => {
    delete process.env['SNAPFLOW_TEST_KEY'];
    delete process.env['SNAPFLOW_TEST_HOST'];
    return runtime.stop();
  });

  function resolve(fields: Partial<PlaceConfig>, credentials: Record<string, string> = {}) {
    const config: PlaceConfig = { id: 'p', type: 'place', ...fields };
    return resolveDraft(RED, { config, credentials }, ['key'], ({ address }) => address ?? '');
  }

  it('uses the stored secret for the deployed address', () => {
    for (const address of ['https://cam.test', 'https://CAM.test:443/', '${SNAPFLOW_TEST_HOST}']) {
      assert.deepEqual(resolve({ address }).secrets, { key: 'stored-secret' });
    }
    assert.equal(resolve({ address: '${SNAPFLOW_TEST_HOST}' }).config.address, 'https://cam.test');
  });

  it('never sends the stored secret to another host, port or scheme', () => {
    for (const address of [
      'https://evil.test',
      'https://cam.test:444',
      'http://cam.test',
      '',
      'https://cam.test@evil.test',
    ]) {
      assert.throws(() => resolve({ address }), { code: 'BAD_INPUT', message: /type it again/ }, address);
    }
    assert.throws(() => resolve({ id: 'p', address: 'https://evil.test', keyType: 'cred' }), {
      code: 'BAD_INPUT',
    });
  });

  it('sends what was typed just now anywhere', () => {
    assert.deepEqual(resolve({ address: 'https://new.test' }, { key: 'typed' }).secrets, { key: 'typed' });
    assert.deepEqual(resolve({ address: 'https://new.test' }, { key: '' }).secrets, { key: '' });
    assert.deepEqual(resolve({ id: 'not-deployed', address: 'https://new.test' }).secrets, { key: '' });
  });

  it('treats a secret of the environment as a stored one', () => {
    const fields = { keyType: 'env', keyFrom: 'SNAPFLOW_TEST_KEY' };
    assert.deepEqual(resolve({ ...fields, address: 'https://cam.test' }).secrets, {
      key: 'from-environment',
    });
    assert.throws(() => resolve({ ...fields, address: 'https://evil.test' }), { code: 'BAD_INPUT' });
    assert.throws(() => resolve({ address: 'https://evil.test' }, { key: '${SNAPFLOW_TEST_KEY}' }), {
      code: 'BAD_INPUT',
    });
  });
});
