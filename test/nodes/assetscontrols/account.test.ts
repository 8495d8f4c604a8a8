import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedAssetsControls } from '../../../lib/simulators';
import type { NodeModule } from '../support/runtime';
import { Bench, GUID, LOGIN, NUMBER } from './support';

const tlsModule = require('@node-red/nodes/core/network/05-tls.js') as NodeModule;
const proxyModule = require('@node-red/nodes/core/network/06-httpproxy.js') as NodeModule;

describe('assetscontrols-account', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('X-AC-a logs in once for all nodes, and again when the token has changed', async () => {
    const second = {
      id: 'n2',
      type: 'assetscontrols-photograph',
      z: 'tab',
      account: 'account',
      asset: NUMBER,
      count: '1',
      wires: [['out']],
    };
    const red = await bench.start({}, {}, { others: [second] });
    red.send('n', {});
    red.send('n2', {});
    await red.inbox('out').next();
    await red.inbox('out').next();
    assert.equal(bench.cloud.counters['logins'], 1);
    const [user] = bench.cloud.world.users;
    assert.ok(user);
    user.token = 'changed';
    red.send('n', {});
    await red.inbox('out').next();
    assert.equal(bench.cloud.counters['logins'], 2);
  });

  it('a token is sent as it is; the stored user stays unused', async () => {
    const secrets = { account: { token: 'simulated-token', username: 'demo', password: 'wrong' } };
    const red = await bench.start({}, { login: 'token' }, { secrets });
    red.send('n', {});
    await red.inbox('out').next();
    assert.equal(bench.cloud.counters['logins'] ?? 0, 0);
    assert.equal(bench.sent('/OpenApi/Instruction')[0]?.['FTokenID'], 'simulated-token');
  });

  it('secrets come from the environment of the flow, too', async () => {
    const red = await bench.start(
      {},
      {
        z: 'tab',
        usernameType: 'env',
        usernameFrom: 'WHO',
        passwordType: 'env',
        passwordFrom: 'PASS',
      },
      { secrets: {}, env: { WHO: 'demo', PASS: 'simulated' } },
    );
    red.send('n', {});
    await red.inbox('out').next();
    assert.equal(bench.cloud.counters['logins'], 1);
  });

  it('without token and user the message fails and says so', async () => {
    const red = await bench.start({}, {}, { secrets: {} });
    red.send('n', {});
    const { code, message } = await bench.caught();
    assert.equal(code, 'BAD_INPUT');
    assert.match(message, /token/);
  });

  it('sends language and time difference, as the document does by default', async () => {
    const red = await bench.start();
    red.send('n', {});
    await red.inbox('out').next();
    const [usual] = bench.sent('/OpenApi/Instruction');
    assert.deepEqual([usual?.['FLanguage'], usual?.['FTimeDifferent']], ['1', 28_800]);
    await bench.close();

    bench = await Bench.open();
    const other = await bench.start({}, { language: '2', timeDifference: '5.5' });
    other.send('n', {});
    await other.inbox('out').next();
    const [chosen] = bench.sent('/OpenApi/Instruction');
    assert.deepEqual([chosen?.['FLanguage'], chosen?.['FTimeDifferent']], ['2', 19_800]);
  });

  it('gives up at its own time limit', async () => {
    const red = await bench.start(
      { assetBy: 'guid', asset: GUID },
      { login: 'token', timeout: 0.1 },
      { secrets: { account: { token: 'simulated-token' } } },
    );
    await bench.cloud.setFault('slow', { ms: 600_000 });
    red.send('n', {});
    assert.equal((await bench.caught()).code, 'TIMEOUT');
    await bench.cloud.setFault(undefined);
  });

  it('trusts a certificate by its tls-config only', async () => {
    await bench.close();
    bench = await Bench.open({ tls: true });
    const tls = { id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: false };
    const red = await bench.start({}, { tls: 'tls' }, { others: [tls], more: [tlsModule] });
    red.send('n', {});
    await red.inbox('out').next();
    await red.stop();
    const strict = await bench.start();
    strict.send('n', {});
    assert.equal((await bench.caught()).code, 'CERTIFICATE_REJECTED');
  });

  it('goes through the http proxy that is chosen', async () => {
    const gone = new SimulatedAssetsControls();
    const { url } = await gone.start();
    await gone.stop();
    // Nothing listens at the proxy: were it not used, the cloud would answer.
    const proxy = { id: 'proxy', type: 'http proxy', url };
    const red = await bench.start({}, { proxy: 'proxy' }, { others: [proxy], more: [proxyModule] });
    red.send('n', {});
    assert.equal((await bench.caught()).code, 'UNREACHABLE');
    assert.equal(bench.cloud.counters['requests'], 0);
  });

  describe('its dialog', () => {
    const draft = (fields: object = {}, credentials: object = {}) => ({
      config: { id: 'account', type: 'assetscontrols-account', address: bench.url, login: 'user', ...fields },
      credentials,
    });
    const test = (drawn: object, language?: string) =>
      bench.runtime?.post('/snapflow/assetscontrols/test', drawn, language) ?? assert.fail();

    it('Test logs in and counts the assets, before anything is deployed', async () => {
      await bench.start({}, { address: 'https://192.0.2.1' }, { secrets: {} });
      const reply = await test(draft({ id: 'new' }, LOGIN['account']));
      assert.deepEqual([reply.status, reply.body], [200, { assets: 1 }]);
      const byToken = await test(draft({ id: 'new', login: 'token' }, { token: 'simulated-token' }));
      assert.deepEqual([byToken.status, byToken.body], [200, { assets: 1 }]);
    });

    it("Test tells what is wrong, in the browser's language and without the secret", async () => {
      await bench.start();
      const typed = { username: 'demo', password: 'typed-wrongly' };
      for (const [language, words] of [
        ['en-US', /user or the password/],
        ['zh-CN', /用户名或密码/],
      ] as const) {
        const { status, body } = await test(draft({}, typed), language);
        assert.deepEqual([status, body['code']], [422, 'AUTH_REJECTED']);
        assert.match(String(body['message']), words);
        assert.doesNotMatch(JSON.stringify(body), /typed-wrongly/);
      }
    });

    it('the stored password goes to the deployed address only', async () => {
      await bench.start();
      assert.equal((await test(draft())).status, 200);
      const other = new SimulatedAssetsControls();
      const { url } = await other.start();
      const { status, body } = await test(draft({ address: url }));
      assert.deepEqual([status, body['code']], [422, 'BAD_INPUT']);
      assert.equal(other.counters['requests'], 0);
      await other.stop();
    });

    it('X-AC-b Find assets lists those of the account', async () => {
      const red = await bench.start();
      const { status, body } = await red.post('/snapflow/assetscontrols/assets', { account: draft() });
      assert.equal(status, 200);
      assert.deepEqual(body['assets'], [{ guid: GUID, number: NUMBER, name: NUMBER }]);
    });
  });
});
