import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench, EVENTS, rows, SN } from './bench';

const REPLY = { id: 'r', type: 'lenfocus-reply', wires: [['out']] };
const LOOSE = { ...EVENTS, wires: [['out'], ['else']] };

describe('lenfocus-reply', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.stop());

  it('acknowledges a report when every picture of it was answered', async () => {
    const red = await bench.start({ answerBy: 'flow' }, [LOOSE, { ...REPLY, wires: [[]] }]);
    const camera = await bench.online();
    let answered = false;
    const pushed = camera.pushFace().finally(() => (answered = true));
    const messages = [
      await red.inbox('out').next(),
      await red.inbox('out').next(),
      await red.inbox('out').next(),
    ];
    for (const msg of messages) {
      assert.equal(answered, false);
      red.send('r', msg);
      await red.completions('r').next();
    }
    assert.equal((await pushed).status, 200);
    assert.equal((await red.statuses('r').until(({ fill }) => fill === 'green')).text, 'status.accepted');
  });

  it('has the camera keep a report that the flow refuses', async () => {
    const red = await bench.start({ answerBy: 'flow' }, [
      { ...EVENTS, output: 'report', wires: [['r'], []] },
      { ...REPLY, decision: 'refuse', code: 503 },
    ]);
    const camera = await bench.online();
    const { status, body } = await camera.pushAlarm();
    assert.deepEqual([status, (body as { code: number }).code], [503, 503]);
    assert.equal((await red.inbox('out').next())['kind'], 'event');
  });

  it('answers a report at once that goes into no flow', async () => {
    await bench.start({ answerBy: 'flow' }, [{ ...EVENTS, faces: false }]);
    assert.equal((await (await bench.online()).pushFace()).status, 200);
  });

  it('says that the camera no longer waits', async () => {
    const red = await bench.start({ answerBy: 'flow', answerTimeout: '0.1' }, [
      { ...EVENTS, output: 'report' },
      { ...REPLY, wires: [[]] },
    ]);
    const camera = await bench.online();
    assert.notEqual((await camera.pushAlarm()).status, 200);
    red.send('r', await red.inbox('out').next());
    assert.equal((await bench.caught()).code, 'TIMEOUT');
  });

  it('LF-2.3 answers an update query with the release in the payload', async () => {
    const red = await bench.start({ ota: 'flow' }, [EVENTS, { ...REPLY, wires: [[]] }]);
    const camera = await bench.online();
    const release = {
      versionCode: 7,
      versionName: 'v7',
      releaseDate: '2026-01-02 03:04:05',
      components: [{ name: 'fw', type: 2, size: 1, md5: 'a', sha256: 'b', url: 'http://127.0.0.1/fw' }],
    };
    const asked = camera.queryOta('code-1');
    const msg = await red.inbox('else').until(({ kind }) => kind === 'ota');
    red.send('r', { ...msg, payload: 'no release' });
    assert.equal((await bench.caught()).code, 'BAD_INPUT');
    red.send('r', { ...msg, payload: release });
    const { body } = await asked;
    assert.equal((body as { data: { verCode: number } }).data.verCode, 7);
  });

  it('admits a camera that wants to join, under a name and did of the flow', async () => {
    const red = await bench.start({ devices: '' }, [
      { ...EVENTS, wires: [[], ['r', 'else']] },
      { ...REPLY, deviceName: 'called', deviceNameType: 'msg', did: '99', didType: 'str' },
    ]);
    const camera = await bench.camera();
    const online = once(camera, 'online');
    // All other events reach the reply too: they carry no question.
    await camera.start();
    await online;
    assert.equal((await red.inbox('out').next())['kind'], 'join');
    const device = bench.serverNode.server.devices().find(({ sn }) => sn === SN);
    assert.deepEqual([device?.did, device?.online], ['99', true]);
    assert.equal((await bench.caught()).code, 'BAD_INPUT');
  });

  it('leaves a refused camera outside', async () => {
    const red = await bench.start({ devices: rows({ sn: 'ANOTHER' }) }, [
      { ...EVENTS, wires: [[], ['r']] },
      { ...REPLY, decision: 'refuse' },
    ]);
    await (await bench.camera()).start();
    await red.inbox('out').next();
    assert.equal(bench.serverNode.server.state().online, 0);
    assert.equal(bench.serverNode.server.wantsToJoin()[0]?.sn, SN);
  });
});
