import assert from 'node:assert/strict';
import { request } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { SnapflowError } from '../../../lib/errors';
import { adminAction, type AdminAction } from '../../../nodes/shared/admin';
import type { Red } from '../../../nodes/shared/red';
import { startRuntime, type Runtime } from '../support/runtime';

describe('a route for a dialog', () => {
  let runtime: Runtime;
  const permissions: string[] = [];
  let allowed = true;
  let act: AdminAction<unknown> = () => Promise.resolve({});

  before(async () => {
    runtime = await startRuntime(
      [
        (RED) => {
          const guarded: Red = {
            ...RED,
            auth: {
              needsPermission(permission) {
                permissions.push(permission);
                return (_request, response, next) => {
                  if (allowed) next();
                  else response.status(401).json({});
                };
              },
            },
          };
          adminAction(guarded, '/snapflow/test', (body, asker) => act(body, asker));
        },
      ],
      [],
    );
  });
  after(() => runtime.stop());

  it('answers JSON with JSON', async () => {
    act = (body) => Promise.resolve({ got: body });
    const reply = await runtime.post('/snapflow/test', { a: 1 });
    assert.deepEqual(reply, { status: 200, body: { got: { a: 1 } } });
  });

  it('is for users who may deploy', async () => {
    allowed = false;
    assert.equal((await runtime.post('/snapflow/test', {})).status, 401);
    allowed = true;
    assert.deepEqual(permissions, ['flows.write']);
  });

  it("tells a failure in the browser's language, never as 401", async () => {
    act = () =>
      Promise.reject(
        new SnapflowError('AUTH_REJECTED', 'The picture is empty (0 bytes).', { details: { n: 1 } }),
      );
    const english = await runtime.post('/snapflow/test', {}, 'en-GB,en;q=0.9');
    assert.deepEqual(english, {
      status: 422,
      body: { code: 'AUTH_REJECTED', message: 'The picture is empty (0 bytes).', details: { n: 1 } },
    });
    const chinese = await runtime.post('/snapflow/test', {}, 'zh-CN,zh;q=0.9,en;q=0.8');
    assert.equal(chinese.body['message'], '图片为空（0 字节）。');
  });

  it('answers an unexpected failure too', async () => {
    act = () => {
      throw new TypeError('a bug');
    };
    const reply = await runtime.post('/snapflow/test', {});
    assert.deepEqual(reply, { status: 500, body: { code: 'UNEXPECTED', message: 'a bug' } });
  });

  it('does not listen to a form, which any web page can send', async () => {
    act = () => Promise.resolve({});
    const reply = await runtime.post('/snapflow/test', 'a=1');
    assert.equal(reply.status, 422);
    assert.equal(reply.body['code'], 'BAD_INPUT');
  });

  it('stops its work when the browser goes away', async () => {
    let begin: (signal: AbortSignal) => void;
    const begun = new Promise<AbortSignal>((resolve) => (begin = resolve));
    act = async (_body, { signal }) => {
      begin(signal);
      await once(signal, 'abort');
      throw new SnapflowError(
        'CLOSED',
        'Stopped before it was done, because the node was closed or redeployed.',
      );
    };
    const server = await runtime.listen();
    const call = request({
      port: server.port,
      method: 'POST',
      path: '/snapflow/test',
      headers: { 'content-type': 'application/json' },
    });
    call.on('error', () => {});
    call.end('{}');
    const signal = await begun;
    call.destroy();
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
  });
});
