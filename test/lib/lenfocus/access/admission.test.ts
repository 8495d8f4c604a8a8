import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock } from '../../../support/fake-clock';
import type { LenfocusServerOptions } from '../../../../lib/lenfocus';
import { md5WithRsa, PAIR } from '../support/keys';
import { CODE, SN, startServer, type Setting } from '../support/setting';

const START = Date.UTC(2026, 10, 22, 3);
const SECONDS = START / 1000;

/** A server that checks signatures, with one device it knows. */
async function strict(t: TestContext, options: LenfocusServerOptions = {}) {
  const clock = new FakeClock(START);
  const setting = await startServer(t, {
    check: 'signature',
    publicKey: PAIR.publicKey,
    devices: [{ sn: SN, securityCode: CODE, name: 'Gate' }],
    clock,
    ...options,
  });
  return { ...setting, clock };
}

const connect = (ts: number, sn = SN, code = CODE) => ({ sn, ts, sign: md5WithRsa(`${sn}${code}${ts}`) });

async function codeOf({ device }: Pick<Setting, 'device'>, param: Record<string, unknown>): Promise<unknown> {
  return (await (await device()).ask('/connect', param)).data.code;
}

describe('who is let in', () => {
  it('LF-1.1 lets in a device that signs with its key and security code', async (t) => {
    const setting = await strict(t);
    const connected = setting.next('connect');
    assert.equal(await codeOf(setting, connect(SECONDS)), 200);
    const { verdict, device } = await connected;
    assert.deepEqual([verdict, device.name], ['valid', 'Gate']);
  });

  for (const signature of ['md5-with-rsa', 'raw-digest', 'raw-hex'] as const) {
    it(`LF-1.1 lets in a simulated camera that signs by ${signature}`, async (t) => {
      const setting = await startServer(t, { check: 'signature', devices: [{ sn: SN, securityCode: CODE }] });
      const camera = setting.idleCamera({ signature });
      setting.server.setDevices([{ sn: SN, publicKey: camera.identity.publicKey }]);
      const online = once(camera, 'online');
      await camera.start();
      await online;
    });
  }

  it('LF-1.1 answers 423 to a wrong, missing or foreign signature, and lists why', async (t) => {
    const setting = await strict(t);
    const { server } = setting;
    const verdict = () => server.wantsToJoin()[0]?.verdict;
    assert.equal(await codeOf(setting, { ...connect(SECONDS), ts: SECONDS + 1 }), 423);
    assert.equal(verdict(), 'invalid');
    assert.equal(await codeOf(setting, { sn: SN, ts: SECONDS }), 423);
    assert.equal(verdict(), 'missing');
    assert.equal(await codeOf(setting, { ...connect(SECONDS), ts: undefined }), 423);
    assert.equal(await codeOf(setting, connect(SECONDS, SN, 'ANOTHER1')), 423);
    assert.equal(await codeOf(setting, connect(SECONDS)), 200);
    assert.deepEqual(server.wantsToJoin(), [], 'who is in wants no longer');
  });

  it('says which key or code is lacking, and tells of a key that cannot be read', async (t) => {
    const bad = await strict(t, { devices: [{ sn: SN, securityCode: CODE, publicKey: 'no key' }] });
    assert.equal(await codeOf(bad, connect(SECONDS)), 423);
    assert.equal(bad.server.wantsToJoin()[0]?.verdict, 'no-key');
    assert.equal(bad.errors[0]?.code, 'BAD_INPUT');
    const codeless = await strict(t, { devices: [{ sn: SN }] });
    assert.equal(await codeOf(codeless, connect(SECONDS)), 423);
    assert.equal(codeless.server.wantsToJoin()[0]?.verdict, 'no-code');
    const common = await strict(t, { devices: [{ sn: SN }], securityCode: CODE });
    assert.equal(await codeOf(common, connect(SECONDS)), 200);
  });

  it('LF-1.1 refuses a clock that is off by more than the window, and says by how much', async (t) => {
    const setting = await strict(t);
    assert.equal(await codeOf(setting, connect(SECONDS - 301)), 423);
    const { refusal, clockAheadS, verdict } = setting.server.wantsToJoin()[0] ?? {};
    assert.deepEqual([refusal, clockAheadS, verdict], ['clock', -301, 'valid']);
    assert.equal(await codeOf(setting, connect(SECONDS + 301)), 423);
    assert.equal(await codeOf(setting, connect(SECONDS - 299)), 200);
    assert.equal(await codeOf(setting, connect(SECONDS + 299)), 200);
  });

  it('takes any clock by setting, and another window', async (t) => {
    const open = await strict(t, { clockWindowS: 0 });
    assert.equal(await codeOf(open, connect(1635066908)), 200);
    assert.equal(await codeOf(open, connect(1635066908)), 423, 'still no replay');
    const wide = await strict(t, { clockWindowS: 3_600 });
    assert.equal(await codeOf(wide, connect(SECONDS - 3_599)), 200);
  });

  it('a recorded /connect is good for nothing, however its signature is written', async (t) => {
    const setting = await strict(t);
    const recorded = connect(SECONDS);
    assert.equal(await codeOf(setting, recorded), 200);
    assert.equal(await codeOf(setting, recorded), 423);
    assert.equal(setting.server.wantsToJoin()[0]?.refusal, 'replay');
    const { sign } = recorded;
    for (const other of [
      `${sign} `,
      sign.replaceAll('=', ''),
      sign.replaceAll('+', '-'),
      `${sign.slice(0, 9)}\n${sign.slice(9)}`,
    ]) {
      assert.equal(await codeOf(setting, { ...recorded, sign: other }), 423);
    }
    await setting.clock.advance(10_000);
    assert.equal(await codeOf(setting, connect(SECONDS + 10)), 200);
    assert.equal(await codeOf(setting, recorded), 423, 'remembered for as long as it could pass');
  });

  it('LF-1.1 answers 421 to an unknown SN, tells of it once, and lists it with its signature’s verdict', async (t) => {
    const setting = await strict(t);
    const wishes = setting.heard('wantsToJoin');
    const param = { ...connect(SECONDS, 'STRANGER'), did: '5', ip: '192.168.1.7' };
    assert.equal(await codeOf(setting, param), 421);
    assert.equal(await codeOf(setting, param), 421);
    const [wish] = setting.server.wantsToJoin();
    assert.deepEqual(wish, {
      sn: 'STRANGER',
      did: '5',
      ip: '192.168.1.7',
      address: '127.0.0.1',
      verdict: 'no-code',
      refusal: 'unknown',
      firstSeen: new Date(START).toISOString(),
      lastSeen: new Date(START).toISOString(),
      attempts: 2,
    });
    assert.equal(wishes.length, 1);
  });

  it('allow list: an SN that is known needs no signature, another is answered 421', async (t) => {
    const setting = await strict(t, { check: 'allow-list' });
    assert.equal(await codeOf(setting, { sn: SN }), 200);
    assert.equal(await codeOf(setting, { sn: 'STRANGER' }), 421);
  });

  it('open: any SN is let in', async (t) => {
    const setting = await strict(t, { check: 'open' });
    assert.equal(await codeOf(setting, { sn: 'STRANGER' }), 200);
  });

  it('admitting a camera that waits is one call: it connects again and is in', async (t) => {
    const setting = await strict(t, { check: 'allow-list' });
    const camera = setting.idleCamera({ sn: 'NEWCOMER' });
    const refused = once(camera, 'refused');
    await camera.start();
    assert.deepEqual(await refused, [421]);
    const online = once(camera, 'online');
    await setting.server.admit({ sn: 'newcomer', name: 'Porch' });
    await online;
    assert.deepEqual(setting.server.wantsToJoin(), []);
    assert.equal(setting.server.devices().find(({ sn }) => sn === 'NEWCOMER')?.name, 'Porch');
  });

  it('dismissing it takes its connection and its token', async (t) => {
    const setting = await strict(t, { check: 'allow-list' });
    await setting.server.admit({ sn: 'NEWCOMER' });
    const device = await setting.device();
    const token = await device.connect({ sn: 'NEWCOMER' });
    assert.equal(await setting.server.dismiss('NEWCOMER'), true);
    assert.equal((await device.closed).code, 4002);
    const reply = await fetch(`${setting.url}/api/v1/device/report/info`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: '{}',
    });
    assert.equal(reply.status, 401);
    assert.equal(await codeOf(setting, { sn: 'NEWCOMER' }), 421);
    assert.equal(await setting.server.dismiss('NEWCOMER'), false);
  });

  it('LF-1.1 a device without did is let in, or by setting answered 421 and kept so that it can be set up', async (t) => {
    const lenient = await strict(t);
    assert.equal(await codeOf(lenient, connect(SECONDS)), 200);

    const setting = await strict(t, { withoutDid: 'provision' });
    const device = await setting.device();
    assert.equal((await device.ask('/connect', connect(SECONDS))).data.code, 421);
    assert.equal(setting.server.wantsToJoin()[0]?.refusal, 'no-did');
    assert.deepEqual([setting.server.state().online, setting.server.state().waiting], [0, 1]);

    // A flow or a person gives it what it needs, with whatever the firmware wants.
    const sent = setting.server.command(SN, 'custom', { uri: '/platform/init', param: { did: '77' } });
    const command = await device.next();
    assert.deepEqual(
      [command.data.uri, command.data.param, command.token],
      ['/platform/init', { did: '77' }, undefined],
    );
    device.reply(command, {});
    await sent;
    await setting.clock.advance(1_000);
    const again = { ...connect(SECONDS + 1), did: '77' };
    assert.equal((await device.ask('/connect', again)).data.code, 200);
    assert.equal(setting.server.state().online, 1);
  });

  it('who was answered 421 is kept for a while, who says nothing not so long', async (t) => {
    const setting = await strict(t, {
      heartbeatS: 600,
      limits: { strangerTimeoutMs: 10_000, provisionMs: 60_000 },
    });
    const [silent, unknown] = [await setting.device(), await setting.device()];
    await unknown.ask('/connect', connect(SECONDS, 'STRANGER'));
    await setting.clock.advance(11_500);
    assert.equal((await silent.closed).code, 1008);
    assert.equal(unknown.socket.readyState, 1);
    await setting.clock.advance(50_000);
    assert.equal((await unknown.closed).code, 1008);
  });

  it('an address that is refused with too many SNs is not listened to for a while; who was in before is', async (t) => {
    const setting = await strict(t, { limits: { attemptsPerMinute: 5 } });
    assert.equal(await codeOf(setting, connect(SECONDS)), 200);
    for (let i = 0; i < 5; i++) assert.equal(await codeOf(setting, connect(SECONDS, `GUESS${i}`)), 421);
    const device = await setting.device();
    assert.equal((await device.ask('/connect', connect(SECONDS, 'GUESS9'))).data.code, 401);
    await device.closed;
    assert.equal(await codeOf(setting, connect(SECONDS + 1)), 200, 'the old friend');
    await setting.clock.advance(61_000);
    assert.equal(await codeOf(setting, connect(SECONDS + 61, 'GUESS9')), 421);
  });

  it('a camera that is set up wrongly and tries for ever does not lock out its neighbours', async (t) => {
    const setting = await strict(t, {
      limits: { attemptsPerMinute: 3 },
      devices: [
        { sn: SN, securityCode: CODE },
        { sn: 'WRONG', securityCode: 'OTHER123' },
      ],
    });
    for (let i = 0; i < 3; i++) assert.equal(await codeOf(setting, connect(SECONDS + i, 'WRONG')), 423);
    assert.equal(await codeOf(setting, connect(SECONDS, 'WRONG')), 401);
    assert.equal(await codeOf(setting, connect(SECONDS)), 200);
  });

  it('the list of those who want to join has an end', async (t) => {
    const setting = await strict(t, { limits: { maxJoinRequests: 3 } });
    for (let i = 0; i < 5; i++) await codeOf(setting, connect(SECONDS, `GUESS${i}`));
    assert.deepEqual(
      setting.server.wantsToJoin().map(({ sn }) => sn),
      ['GUESS4', 'GUESS3', 'GUESS2'],
    );
  });

  for (const fault of ['bad-signature', 'wrong-clock', 'replay'] as const) {
    it(`a simulated camera with ${fault} is refused until it is right again`, async (t) => {
      const setting = await startServer(t, { check: 'signature', devices: [{ sn: SN, securityCode: CODE }] });
      const camera = setting.idleCamera();
      setting.server.setDevices([{ sn: SN, publicKey: camera.identity.publicKey }]);
      if (fault === 'replay') {
        const online = once(camera, 'online');
        await camera.start();
        await online;
        camera.kill();
      }
      await camera.setFault(fault);
      const refused = once(camera, 'refused');
      await camera.start();
      assert.deepEqual(await refused, [423]);
      const online = once(camera, 'online');
      await camera.setFault();
      await online;
    });
  }

  it('a registry that fails costs the device an answer, not the server its life', async (t) => {
    const setting = await strict(t, {
      registry: {
        find: () => Promise.reject(new Error('registry is away')),
        findByDid: () => undefined,
        admit: () => Promise.resolve(),
        dismiss: () => Promise.resolve(false),
      },
    });
    assert.equal(await codeOf(setting, connect(SECONDS)), 503);
    assert.match(setting.errors[0]?.message ?? '', /registry is away/);
  });
});
