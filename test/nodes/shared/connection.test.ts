import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proxyFor } from '../../../nodes/shared/proxy';
import type { Red } from '../../../nodes/shared/red';
import { tlsConfigSettings, tlsSettings } from '../../../nodes/shared/tls';
import { startRuntime, type NodeModule } from '../support/runtime';

const tlsModule = require('@node-red/nodes/core/network/05-tls.js') as NodeModule;
const proxyModule = require('@node-red/nodes/core/network/06-httpproxy.js') as NodeModule;

describe('how a server is trusted', () => {
  const RED = { nodes: { getNode: () => null } } as unknown as Red;

  it('is verified unless chosen otherwise', () => {
    assert.equal(tlsSettings(RED, {}), undefined);
    assert.deepEqual(tlsSettings(RED, { tlsMode: 'off' }), { rejectUnauthorized: false });
    assert.deepEqual(tlsSettings(RED, { tlsMode: 'pin', fingerprint: 'AB:CD' }), { fingerprint: 'AB:CD' });
    assert.throws(() => tlsSettings(RED, { tlsMode: 'pin', fingerprint: '' }), { code: 'BAD_INPUT' });
  });

  it("comes from Node-RED's own TLS configuration", async () => {
    let red: Red | undefined;
    const runtime = await startRuntime(
      [tlsModule, (given) => (red = given)],
      [
        {
          id: 'tls',
          type: 'tls-config',
          cert: '',
          key: '',
          ca: '',
          servername: 'cam.test',
          verifyservercert: true,
        },
        { id: 'half', type: 'tls-config', cert: 'only.pem', key: '', ca: '', verifyservercert: true },
      ],
      { tls: { cadata: 'PEM of the authority' } },
    );
    const settings = tlsConfigSettings(red as Red, 'tls');
    assert.deepEqual(settings, {
      ca: 'PEM of the authority',
      servername: 'cam.test',
      rejectUnauthorized: true,
    });
    assert.throws(() => tlsConfigSettings(red as Red, 'half'), { code: 'BAD_INPUT' });
    assert.throws(() => tlsSettings(red as Red, { tlsMode: 'config', tls: 'gone' }), { code: 'BAD_INPUT' });
    await runtime.stop();
  });
});

describe('the proxy for a cloud', () => {
  it("comes from Node-RED's http proxy, with its user, save for excepted hosts", async () => {
    let red = {} as Red;
    const runtime = await startRuntime(
      [proxyModule, (given) => (red = given)],
      [
        {
          id: 'p',
          type: 'http proxy',
          url: 'http://proxy.test:3128',
          noproxy: ['localhost', '*.lan', '.corp.test', 'api.test:8443', ''],
        },
        { id: 'bad', type: 'http proxy', url: 'not an address', noproxy: [] },
      ],
      { p: { username: 'me@work', password: 'p:w' } },
    );
    const to = (target: string) => proxyFor(red, 'p', target);
    assert.equal(to('https://cloud.test/x'), 'http://me%40work:p%3Aw@proxy.test:3128/');
    assert.equal(to('http://localhost:9000'), undefined);
    assert.equal(to('https://cam.lan'), undefined);
    assert.equal(to('https://a.corp.test'), undefined);
    assert.notEqual(to('https://corp.test'), undefined);
    assert.equal(to('https://api.test:8443'), undefined);
    assert.notEqual(to('https://api.test'), undefined);
    assert.equal(proxyFor(red, '', 'https://cloud.test'), undefined);
    assert.throws(() => proxyFor(red, 'bad', 'https://cloud.test'), { code: 'BAD_INPUT' });
    await runtime.stop();
  });
});
