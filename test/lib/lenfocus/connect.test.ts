import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, turn } from '../../support/fake-clock';
import { CODE, SN, startServer } from './support/setting';

describe('connecting (§1.1–1.3)', () => {
  it('LF-1.1 answers with a token of 32 ASCII characters, its lifetime and the heartbeat interval', async (t) => {
    const { device, next } = await startServer(t, { tokenLifetimeS: 1_800, heartbeatS: 45 });
    const socket = await device();
    const connected = next('connect');
    const param = { did: '1234512', sn: SN, ip: '192.168.100.168', sign: 's', ts: 1635066908 };
    socket.send({ msgid: 'adfdgwrt245356', data: { uri: '/connect', param } });
    const answer = await socket.next();
    const { token, ...times } = answer.data.result ?? {};
    assert.match(String(token), /^[\x21-\x7e]{32}$/);
    assert.deepEqual(times, { expire: 1_800, interval: 45 });
    assert.deepEqual(
      [answer.msgid, answer.data.uri, answer.data.code, answer.data.msg],
      ['adfdgwrt245356', '/connect', 200, 'OK'],
    );
    const { device: facts, ip } = await connected;
    assert.deepEqual(facts, { sn: SN, did: '1234512', address: '127.0.0.1' });
    assert.equal(ip, '192.168.100.168');
  });

  it('LF-1.1 takes what real cameras send: no did, no ip, the timestamp as a message id', async (t) => {
    const { device } = await startServer(t);
    const socket = await device();
    socket.send({
      msgid: '1729615057',
      data: { uri: '/connect', param: { sn: SN, sign: 's', ts: 1729615057 } },
    });
    assert.equal((await socket.next()).data.code, 200);
  });

  it('LF-1.1 takes a uri without slash, with blanks and of any case, keys with blanks and numeric message ids', async (t) => {
    const { device } = await startServer(t);
    for (const [index, uri] of ['connect', ' /connect', '/Connect/'].entries()) {
      const socket = await device();
      socket.send({ 'msgid ': index, 'data ': { 'uri ': uri, 'param ': { 'sn ': `${SN}${index}`, ts: 1 } } });
      const answer = await socket.next();
      assert.deepEqual([answer.msgid, answer.data.code], [index, 200], uri);
    }
  });

  for (const [words, did, expected] of [
    ['absent', undefined, ''],
    ['empty', '""', ''],
    ['0', '0', ''],
    ['a number', '1234512', '1234512'],
    ['beyond 2^53', '18446744073709551615', '18446744073709551615'],
  ] as const) {
    it(`LF-1.1 takes a did that is ${words}`, async (t) => {
      const { device, next } = await startServer(t);
      const socket = await device();
      const connected = next('connect');
      const part = did === undefined ? '' : `"did":${did},`;
      socket.send(`{"msgid":"1","data":{"uri":"/connect","param":{${part}"sn":"${SN}","ts":1}}}`);
      assert.equal((await connected).device.did, expected);
    });
  }

  it('answers 420 without a usable SN, and tells nobody of it', async (t) => {
    const { device, heard } = await startServer(t);
    const wishes = heard('wantsToJoin');
    const socket = await device();
    for (const sn of [undefined, '', ' ', 'a b', 'x'.repeat(65), '\u0001', {}]) {
      assert.equal((await socket.ask('/connect', { sn, ts: 1 })).data.code, 420);
    }
    assert.deepEqual(wishes, []);
  });

  it('LF-1.3 answers heartbeats with what is left of the token, also those with stray blanks', async (t) => {
    const clock = new FakeClock(Date.now());
    const { device, heard } = await startServer(t, { clock });
    const beats = heard('heartbeat');
    const socket = await device();
    const token = await socket.connect({ sn: SN });
    await clock.advance(10_500);
    socket.send({
      msgid: 'a',
      token,
      data: { uri: '/heartbeat', param: { did: '1', sn: SN, ip: '1.2.3.4' } },
    });
    assert.deepEqual(await socket.next(), {
      msgid: 'a',
      data: { uri: '/heartbeat', code: 200, msg: 'OK', result: { expire: 3_589 } },
    });
    socket.send({ 'msgid ': 7, token, data: { uri: 'heartbeat ', param: {} } });
    assert.deepEqual((await socket.next()).data.result, { expire: 3_589 });
    assert.deepEqual(
      beats.map((beat) => beat.device.sn),
      [SN, SN],
    );
  });

  it('LF-1.3 answers 401 to heartbeats before /connect and with a wrong token', async (t) => {
    const { device } = await startServer(t);
    const socket = await device();
    assert.equal((await socket.ask('/heartbeat', { sn: SN })).data.code, 401);
    const token = await socket.connect({ sn: SN });
    for (const wrong of [
      undefined,
      '',
      token.slice(1),
      `${token}0`,
      token.toUpperCase() === token ? 'x' : token.toUpperCase(),
    ]) {
      assert.equal((await socket.ask('/heartbeat', { sn: SN }, wrong)).data.code, 401);
    }
  });

  it('LF-1.2 renews the token; the old one is good for the grace and no longer', async (t) => {
    const clock = new FakeClock(Date.now());
    const { device } = await startServer(t, { clock, tokenGraceS: 30, heartbeatS: 600 });
    const socket = await device();
    const old = await socket.connect({ sn: SN });
    const answer = await socket.ask('/token/update', { did: '', sn: SN }, old);
    assert.equal(answer.data.uri, '/token/update');
    const { token, expire } = answer.data.result ?? {};
    assert.equal(expire, 3_600);
    assert.notEqual(token, old);
    assert.equal((await socket.ask('/heartbeat', {}, old)).data.code, 200);
    await clock.advance(31_000);
    assert.equal((await socket.ask('/heartbeat', {}, old)).data.code, 401);
    assert.equal((await socket.ask('/heartbeat', {}, String(token))).data.code, 200);
    assert.equal((await socket.ask('/token/update', { sn: 'ANOTHER' }, String(token))).data.code, 401);
    assert.equal((await socket.ask('/token/update', { sn: SN }, old)).data.code, 401);
  });

  it('closes a connection whose token has run out, so that the camera connects again', async (t) => {
    const clock = new FakeClock(Date.now());
    const { device, next } = await startServer(t, { clock, tokenLifetimeS: 1_800, heartbeatS: 3_600 });
    const socket = await device();
    await socket.connect({ sn: SN });
    const gone = next('disconnect');
    await clock.advance(1_832_000);
    assert.equal((await gone).reason, 'token-expired');
    assert.deepEqual(await socket.closed, { code: 1008, reason: 'token-expired' });
  });

  it('takes a repeated /connect on the same socket as a wish for a token', async (t) => {
    const { device, heard } = await startServer(t);
    const events = [...[heard('connect'), heard('disconnect')]];
    const socket = await device();
    const first = await socket.connect({ sn: SN });
    const second = await socket.connect({ sn: SN });
    assert.notEqual(first, second);
    assert.equal((await socket.ask('/heartbeat', {}, second)).data.code, 200);
    assert.deepEqual(
      events.map((list) => list.length),
      [1, 0],
    );
  });

  it('answers 404 to what the protocol does not know, and tells of it', async (t) => {
    const { device, next, server } = await startServer(t);
    const socket = await device();
    const token = await socket.connect({ sn: SN });
    const told = next('unknown');
    assert.equal((await socket.ask('/ptz/move_start', { speed: 3 }, token)).data.code, 404);
    const { uri, param, device: facts } = await told;
    assert.deepEqual([uri, param, facts.sn], ['/ptz/move_start', { speed: 3 }, SN]);
    assert.equal(server.state().counters.unknownRequests, 1);
  });

  it('LF-1.1 the newest connection of an SN wins, in any case of the SN; the old one is closed', async (t) => {
    const { device, heard, server } = await startServer(t);
    const gone = heard('disconnect');
    const [first, second] = [await device(), await device()];
    await first.connect({ sn: SN });
    const token = await second.connect({ sn: SN.toLowerCase() });
    assert.deepEqual(await first.closed, { code: 4001, reason: 'replaced' });
    assert.equal((await second.ask('/heartbeat', {}, token)).data.code, 200);
    assert.deepEqual(
      gone.map(({ reason }) => reason),
      ['replaced'],
    );
    assert.equal(server.state().online, 1);
  });

  it('LF-A a camera comes back after a restart of the server by itself', async (t) => {
    const first = await startServer(t);
    const camera = await first.camera();
    const { port } = first.server.state();
    await first.server.stop();
    const online = once(camera, 'online');
    await startServer(t, { listen: { port: port ?? 0 } });
    await online;
  });
});

describe('liveness', () => {
  const silent = async (t: TestContext, offlineAfter?: number) => {
    const clock = new FakeClock(Date.now());
    const setting = await startServer(t, {
      clock,
      heartbeatS: 30,
      ...(offlineAfter !== undefined && { offlineAfter }),
    });
    const socket = await setting.device();
    return { ...setting, clock, socket, token: await socket.connect({ sn: SN }) };
  };

  it('a half-open connection is found after 2.5 intervals: no heartbeat, no answer to pings', async (t) => {
    const { clock, next, server, socket } = await silent(t);
    socket.socket.pause();
    const gone = next('disconnect');
    await clock.advance(74_000);
    assert.equal(server.state().online, 1);
    await clock.advance(2_000);
    assert.equal((await gone).reason, 'silent');
    assert.equal(server.state().online, 0);
  });

  it('after another number of intervals, by setting', async (t) => {
    const { clock, next, server, socket } = await silent(t, 4);
    socket.socket.pause();
    const gone = next('disconnect');
    await clock.advance(119_000);
    assert.equal(server.state().online, 1);
    await clock.advance(2_000);
    await gone;
  });

  it('a camera that only answers pings stays', async (t) => {
    const { clock, server } = await silent(t);
    for (let i = 0; i < 8; i++) {
      await clock.advance(31_000);
      const now = new Date(clock.now()).toISOString();
      while (server.devices()[0]?.seenAt !== now) await turn();
    }
    assert.equal(server.state().online, 1);
  });

  it('any message keeps a camera alive', async (t) => {
    const { clock, server, socket, token } = await silent(t);
    for (let i = 0; i < 6; i++) {
      await clock.advance(29_000);
      assert.equal((await socket.ask('/heartbeat', {}, token)).data.code, 200);
    }
    assert.equal(server.state().online, 1);
  });

  it('jumps of the wall clock disconnect nobody', async (t) => {
    const { clock, server, socket, token } = await silent(t);
    clock.jump(86_400_000);
    await clock.advance(2_000);
    assert.equal(server.state().online, 1);
    assert.equal((await socket.ask('/heartbeat', {}, token)).data.code, 200);
    clock.jump(-2 * 86_400_000);
    await clock.advance(2_000);
    assert.equal((await socket.ask('/heartbeat', {}, token)).data.code, 200);
  });

  it('a simulated camera renews its token in time and keeps beating', async (t) => {
    const { camera, server } = await startServer(t, { heartbeatS: 1 });
    const device = await camera();
    device.renewToken();
    device.beat();
    const { counters } = device;
    while ((counters.heartbeats ?? 0) < 2) await turn();
    assert.equal(server.state().online, 1);
    assert.ok(server.state().counters.heartbeats >= 2);
  });

  it('knows its devices: registered, connected or both', async (t) => {
    const { camera, server } = await startServer(t, {
      devices: [
        { sn: SN, name: 'Gate', did: '77', securityCode: CODE },
        { sn: 'OTHER', note: 'in the cellar' },
      ],
    });
    await camera();
    const [other, gate] = server.devices();
    assert.deepEqual([gate?.sn, gate?.name, gate?.did, gate?.online], [SN, 'Gate', '77', true]);
    assert.ok(Math.abs(Date.parse(gate?.seenAt ?? '') - Date.now()) < 60_000);
    assert.deepEqual(other, {
      sn: 'OTHER',
      did: '',
      address: '',
      online: false,
      waiting: false,
      note: 'in the cellar',
    });
    assert.doesNotMatch(JSON.stringify(server.devices()), new RegExp(CODE));
  });
});
