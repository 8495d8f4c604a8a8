import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Report } from '../../../lib/lenfocus';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { Message } from '../../../nodes/shared/red';
import { Bench, EVENTS, rows, SN } from './bench';

describe('lenfocus-events', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.stop());

  const next = async (id: string) => (await bench.red.inbox(id).next()) as PictureMessage & Message;
  const ofKind = (kind: string) => bench.red.inbox('else').until((msg) => msg['kind'] === kind, kind);

  it('LF-2.1 sends each picture of a report as a message of its own', async () => {
    const red = await bench.start({}, [EVENTS]);
    const camera = await bench.online();
    await camera.pushFace({ name: '张三', personId: '42' });
    const messages = [await next('out'), await next('out'), await next('out')];
    for (const [index, msg] of messages.entries()) {
      assert.ok(Buffer.isBuffer(msg.payload));
      assert.equal(msg.picture.source.system, 'lenfocus');
      assert.equal(msg.picture.source.device, SN);
      assert.equal(msg.topic, `lenfocus/${SN}/${msg.picture.source.kind}`);
      assert.match(msg.filename, /\.jpg$/);
      assert.deepEqual([(msg.parts as { index: number; count: number }).index, messages.length], [index, 3]);
      const report = msg['report'] as Report & { kind: 'face' };
      assert.equal(report.face.name, '张三');
      assert.equal('pictures' in report, false);
      assert.deepEqual(msg['question'], { kind: 'report', id: report.id });
    }
    assert.deepEqual(
      messages.map(({ picture }) => picture.source.kind),
      ['face', 'body', 'scene'],
    );
    assert.deepEqual((await red.statuses('n').until(({ fill }) => fill === 'green')).text, 'status.online');
  });

  it('LF-2.4 sends one message for each report when it is set so', async () => {
    await bench.start({}, [{ ...EVENTS, output: 'report', view: true }]);
    const camera = await bench.online();
    await camera.pushAlarm(8);
    const { topic, payload } = await bench.red.inbox('out').next();
    const report = payload as Report & { kind: 'event' };
    assert.equal(topic, `lenfocus/${SN}/event`);
    assert.deepEqual(report.event.type, { code: 8, en: 'Flame', zh: '火焰' });
    assert.ok(report.pictures.length > 0 && report.pictures.every(({ data }) => Buffer.isBuffer(data)));
    assert.equal((await bench.red.shown('n').next()).bytes, report.pictures.at(-1)?.data.length);
  });

  it('LF-1.1 LF-2.2 LF-2.3 tells of connections, facts, queries and reports without pictures', async () => {
    await bench.start({}, [EVENTS]);
    const camera = await bench.online();
    const connected = await ofKind('connect');
    assert.equal(connected.topic, `lenfocus/${SN}/connect`);
    assert.equal((connected.payload as { device: { name: string } }).device.name, 'Door');
    await camera.pushInfo();
    assert.equal(((await ofKind('info')).payload as Report).kind, 'info');
    await camera.queryOta('code-1');
    assert.equal(((await ofKind('ota')).payload as { otaId: string }).otaId, 'code-1');
    await camera.pushAccess();
    const access = (await ofKind('access')).payload as Report & { kind: 'access' };
    assert.ok(access.records.length > 0);
    await camera.stop();
    assert.equal(((await ofKind('disconnect')).payload as { reason: string }).reason, 'closed');
    assert.deepEqual(bench.red.inbox('out').all, []);
  });

  it('LF-1.3 tells of heartbeats only when asked to', async () => {
    await bench.start({ devices: rows({ sn: SN }) }, [
      EVENTS,
      { id: 'beats', type: 'lenfocus-events', heartbeats: true, connects: false, wires: [[], ['out']] },
    ]);
    const camera = await bench.online();
    camera.beat();
    assert.equal((await bench.red.inbox('out').next())['kind'], 'heartbeat');
    await camera.stop();
    await ofKind('disconnect');
    assert.equal(
      bench.red.inbox('else').all.some((msg) => msg['kind'] === 'heartbeat'),
      false,
    );
  });

  it('tells who wants to join, with the question that a reply answers', async () => {
    await bench.start({ devices: '' }, [EVENTS]);
    await (await bench.camera()).start();
    const msg = await ofKind('join');
    assert.deepEqual(msg['question'], { kind: 'join', id: SN });
    assert.equal((msg.payload as { refusal: string }).refusal, 'unknown');
  });

  for (const { what, filter, expected } of [
    { what: 'alarm type', filter: { alarmTypes: '8, 9' }, expected: ['face', 'alarm 8'] },
    { what: 'kind', filter: { alarms: false }, expected: ['face'] },
    { what: 'device', filter: { devices: 'OTHER1 OTHER2' }, expected: [] },
    { what: 'did', filter: { devices: '77', faces: false }, expected: ['alarm 1', 'alarm 8'] },
  ]) {
    it(`filters by ${what}`, async () => {
      const all = { id: 'all', type: 'lenfocus-events', output: 'report', wires: [['else'], []] };
      await bench.start({}, [
        all,
        { ...EVENTS, output: 'report', vehicles: false, wires: [['out'], []], ...filter },
      ]);
      const camera = await bench.online();
      await camera.pushFace();
      await camera.pushAlarm(1);
      await camera.pushAlarm(8);
      await camera.pushVehicle();
      // The last report reaches the unfiltered node: nothing more is to come.
      await bench.red.inbox('else').until(({ payload }) => (payload as Report).kind === 'vehicle');
      const got = bench.red.inbox('out').all.map(({ payload }) => {
        const report = payload as Report;
        return report.kind === 'event' ? `alarm ${report.event.type?.code}` : report.kind;
      });
      assert.deepEqual(got, expected);
    });
  }

  it('gives each of several nodes a message that the others cannot change', async () => {
    const second = { ...EVENTS, id: 'second', wires: [['else'], []] };
    await bench.start({}, [EVENTS, second]);
    const camera = await bench.online();
    await camera.pushFace();
    const [one, other] = [await next('out'), await bench.red.inbox('else').until((msg) => 'picture' in msg)];
    assert.deepEqual(one.payload, other.payload);
    assert.notEqual(one.payload, other.payload);
    assert.notEqual(one['report'], other['report']);
    assert.equal(one.picture.id, (other as PictureMessage).picture.id);
  });

  it('marks a picture that came before', async () => {
    await bench.start({ duplicates: 'mark' }, [EVENTS]);
    const camera = await bench.online();
    await camera.setFault('same-picture');
    await camera.pushPicture();
    await camera.pushPicture();
    assert.equal((await next('out'))['duplicate'], undefined);
    assert.equal((await next('out'))['duplicate'], true);
  });

  it('drops personal fields at the door', async () => {
    await bench.start({ dropPersonal: 'name,idCard' }, [EVENTS]);
    const camera = await bench.online();
    await camera.pushFace({ name: '张三', personId: '42' });
    const report = (await next('out'))['report'] as Report & { kind: 'face' };
    assert.equal(report.face.personId, '42');
    assert.equal(JSON.stringify(report).includes('张三'), false);
  });
});
