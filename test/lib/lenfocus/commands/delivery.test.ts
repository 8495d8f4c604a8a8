import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, turn } from '../../../support/fake-clock';
import { isSnapflowError, type SnapflowError } from '../../../../lib/errors';
import type { CommandOptions, LenfocusServerOptions } from '../../../../lib/lenfocus';
import { describeError } from '../../../../lib/texts';
import { SN, startServer } from '../support/setting';

async function withDevice(t: TestContext, options: LenfocusServerOptions = {}, param: object = {}) {
  const clock = new FakeClock(Date.now());
  const setting = await startServer(t, { clock, heartbeatS: 3_600, ...options });
  const device = await setting.device();
  const token = await device.connect({ sn: SN, ...param });
  const reboot = (to: string | number = SN, given?: CommandOptions) =>
    setting.server.command(to, 'reboot', {}, given);
  return { ...setting, clock, socket: device, token, reboot };
}

async function failure(promise: Promise<unknown>): Promise<SnapflowError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  assert.ok(isSnapflowError(error), String(error));
  assert.equal(error.system, 'lenfocus');
  return error;
}

describe('commands and their answers', () => {
  it('goes to one device and no other', async (t) => {
    const { device, reboot, socket } = await withDevice(t);
    const others = await Promise.all(
      [1, 2, 3].map(async (i) => {
        const other = await device();
        await other.connect({ sn: `OTHER${i}` });
        return other;
      }),
    );
    const reply = reboot();
    socket.reply(await socket.next(), {});
    await reply;
    for (const other of others) {
      // Had it got the reboot, that would come before this answer.
      assert.equal((await other.ask('/heartbeat', {}, 'x')).data.code, 401);
    }
  });

  it('is addressed by SN in any case, or by did, which the registry knows best', async (t) => {
    const { device, reboot, socket } = await withDevice(
      t,
      { devices: [{ sn: SN, did: '77' }] },
      { did: '5' },
    );
    const imposter = await device();
    await imposter.connect({ sn: 'IMPOSTER', did: '77' });
    for (const to of [SN, SN.toLowerCase(), ` ${SN}`, '77', 77, '5']) {
      const reply = reboot(to);
      socket.reply(await socket.next(), {});
      assert.equal((await reply).device.sn, SN, String(to));
    }
    assert.equal((await failure(reboot('99'))).code, 'DEVICE_OFFLINE');
    assert.equal((await failure(reboot(' '))).code, 'BAD_INPUT');
  });

  it('answers find their command by message id: out of order, as a number, without uri', async (t) => {
    const { reboot, socket } = await withDevice(t);
    const replies = [reboot(), reboot(), reboot()];
    const frames = [await socket.next(), await socket.next(), await socket.next()];
    assert.equal(new Set(frames.map(({ msgid }) => msgid)).size, 3);
    socket.send({ msgid: Number(frames[2]?.msgid), data: { code: 0, msg: 'third' } });
    socket.send({ 'msgid ': ` ${String(frames[0]?.msgid)}`, data: { code: '0', message: 'first' } });
    socket.send({ msgid: frames[1]?.msgid, data: { code: 200, result: '' } });
    assert.deepEqual(
      (await Promise.all(replies)).map(({ message, code }) => [message, code]),
      [
        ['first', 0],
        [undefined, 200],
        ['third', 0],
      ],
    );
  });

  for (const fault of ['numeric-id', 'slow'] as const) {
    it(`a simulated camera that is ${fault} is understood`, async (t) => {
      const { camera, server } = await startServer(t);
      const device = await camera();
      await device.setFault(fault, { ms: 20 });
      assert.deepEqual((await server.command(SN, 'clearPersons', {})).result, { done: true });
    });
  }

  it('a device’s refusal is DEVICE_REFUSED with its code, its text, and what the code means', async (t) => {
    const { reboot, socket } = await withDevice(t);
    const reply = failure(reboot());
    socket.reply(await socket.next(), { code: 420, msg: '参数异常' });
    const error = await reply;
    assert.equal(error.code, 'DEVICE_REFUSED');
    assert.equal(error.retryable, false);
    assert.deepEqual(error.platform, { code: 420, message: '参数异常' });
    assert.equal(error.message, 'The camera refused reboot: a parameter is wrong (code 420).');
    assert.equal(describeError(error, 'zh-CN'), '摄像机拒绝执行 reboot：参数异常（错误码 420）。');
    const odd = failure(reboot());
    socket.reply(await socket.next(), { code: 'no' as unknown as number });
    assert.equal((await odd).code, 'BAD_RESPONSE');
  });

  it('a device that does not answer is a TIMEOUT; its late answer hurts nobody', async (t) => {
    const { clock, reboot, server, socket } = await withDevice(t);
    const [usual, quick] = [failure(reboot()), failure(reboot(SN, { timeoutMs: 500 }))];
    const frames = [await socket.next(), await socket.next()];
    await clock.advance(600);
    assert.match((await quick).message, /within 500 ms/);
    await clock.advance(9_000);
    assert.equal(server.state().counters.failedCommands, 1);
    await clock.advance(500);
    const error = await usual;
    assert.deepEqual([error.code, error.retryable], ['TIMEOUT', true]);
    for (const frame of frames) socket.reply(frame, {});
    const next = reboot();
    socket.reply(await socket.next(), { msg: 'mine' });
    assert.equal((await next).message, 'mine');
    assert.equal(server.state().counters.lateReplies, 2);
  });

  it('answers with a foreign message id belong to nobody', async (t) => {
    const { camera, clock, server } = await withDevice(t);
    const device = await camera({ sn: 'SIM' });
    await device.setFault('wrong-id');
    const reply = failure(server.command('SIM', 'clearPersons', {}));
    while (server.state().counters.lateReplies === 0) await turn();
    await clock.advance(10_000);
    assert.equal((await reply).code, 'TIMEOUT');
  });

  it('a device that is offline is an error at once', async (t) => {
    const { reboot } = await withDevice(t);
    const error = await failure(reboot('NOWHERE'));
    assert.deepEqual(
      [error.code, error.retryable, error.message],
      ['DEVICE_OFFLINE', true, 'The camera NOWHERE is not connected.'],
    );
  });

  it('commands of a socket that dies fail at once', async (t) => {
    const { camera, server } = await startServer(t);
    const device = await camera();
    await device.setFault('hang-up');
    const error = await failure(server.command(SN, 'clearPersons', {}));
    assert.equal(error.code, 'DEVICE_OFFLINE');
    assert.match(error.message, /may have carried out/);
  });

  it('commands of a connection that is replaced fail at once', async (t) => {
    const { device, reboot, socket } = await withDevice(t);
    const reply = failure(reboot());
    await socket.next();
    const newer = await device();
    await newer.connect({ sn: SN });
    assert.equal((await reply).code, 'DEVICE_OFFLINE');
  });

  it('by setting, a command waits for its device, and no longer than it may', async (t) => {
    const { clock, device, reboot, server } = await withDevice(t, { devices: [{ sn: 'LATER', did: '88' }] });
    const bySn = reboot('later', { waitMs: 60_000 });
    const byDid = reboot(88, { waitMs: 60_000 });
    const tooLate = failure(reboot('NEVER', { waitMs: 5_000 }));
    await clock.advance(6_000);
    assert.equal((await tooLate).code, 'DEVICE_OFFLINE');
    const later = await device();
    await later.connect({ sn: 'LATER' });
    for (let i = 0; i < 2; i++) later.reply(await later.next(), {});
    assert.deepEqual(
      (await Promise.all([bySn, byDid])).map((reply) => reply.device.sn),
      ['LATER', 'LATER'],
    );
    assert.equal(server.state().counters.failedCommands, 1);
  });

  it('a simulated camera that was killed gets what waited for it', async (t) => {
    const { camera, next, server } = await startServer(t);
    const device = await camera();
    const gone = next('disconnect');
    device.kill();
    await gone;
    const { result } = await server.command(SN, 'clearPersons', {}, { waitMs: 30_000 });
    assert.deepEqual(result, { done: true });
  });

  it('a caller that gives up gets CLOSED, wherever its command is', async (t) => {
    const { reboot, server, socket } = await withDevice(t, { limits: { commandsPerDevice: 1 } });
    const abort = new AbortController();
    const { signal } = abort;
    const all = [
      reboot(SN, { signal }),
      reboot(SN, { signal }),
      reboot('LATER', { signal, waitMs: 60_000 }),
    ].map(failure);
    await socket.next();
    abort.abort();
    assert.deepEqual(
      (await Promise.all(all)).map(({ code }) => code),
      ['CLOSED', 'CLOSED', 'CLOSED'],
    );
    assert.equal((await failure(reboot(SN, { signal }))).code, 'CLOSED');
    const next = reboot();
    socket.reply(await socket.next(), {});
    await next;
    assert.equal(server.state().counters.failedCommands, 4);
  });

  it('a few commands at a time, the others in their order, and not without end', async (t) => {
    const { reboot, socket } = await withDevice(t, {
      limits: { commandsPerDevice: 2, maxWaitingCommands: 3 },
    });
    const all = Array.from({ length: 6 }, () =>
      reboot().then(
        () => 'done',
        (error: SnapflowError) => error.code,
      ),
    );
    const answered: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      const frame = await socket.next();
      answered.push(frame.msgid);
      // Nothing more comes before one of the two is answered.
      if (i > 0) socket.reply({ ...frame, msgid: answered[i - 1] }, {});
    }
    socket.send({ msgid: answered[4], data: { code: 0 } });
    assert.deepEqual(await Promise.all(all), ['done', 'done', 'done', 'done', 'done', 'QUEUE_FULL']);
  });

  it('what waited its turn at a device that went is sent when it is back, if it may wait', async (t) => {
    const { device, reboot, socket } = await withDevice(t, { limits: { commandsPerDevice: 1 } });
    const sent = failure(reboot(SN, { waitMs: 60_000 }));
    const [patient, impatient] = [reboot(SN, { waitMs: 60_000 }), failure(reboot())];
    await socket.next();
    socket.end();
    assert.match((await sent).message, /may have carried out/);
    assert.match((await impatient).message, /not connected/);
    const back = await device();
    await back.connect({ sn: SN });
    back.reply(await back.next(), {});
    await patient;
  });

  it('stopping ends all with CLOSED, and takes no more', async (t) => {
    const { reboot, server, socket } = await withDevice(t, { limits: { commandsPerDevice: 1 } });
    const all = [reboot(), reboot(), reboot('LATER', { waitMs: 60_000 })].map(failure);
    await socket.next();
    const closed = once(socket.socket, 'close');
    await server.stop();
    assert.deepEqual(
      (await Promise.all(all)).map(({ code }) => code),
      ['CLOSED', 'CLOSED', 'CLOSED'],
    );
    assert.equal((await failure(reboot())).code, 'CLOSED');
    await closed;
  });

  it('an operation that does not exist is BAD_INPUT', async (t) => {
    const { server } = await withDevice(t);
    const error = await failure(server.command(SN, 'selfDestruct' as 'reboot', {}));
    assert.deepEqual([error.code, error.message], ['BAD_INPUT', 'There is no operation “selfDestruct”.']);
  });
});
