/** OneNET uploads that wait on disk: pictures and files, across an outage and a restart. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedOnenet } from '../../../lib/simulators';
import type { Red } from '../../../nodes/shared/red';
import { startRuntime, type Runtime } from '../support/runtime';
import { fieldsOf, flowWith, modules } from './support';

const KEY = { acc: { apiKey: 'simulated-key' } };
const CHANNEL = { deviceId: '500000', channelId: '1' };

describe('OneNET uploads on disk', () => {
  let cloud: SimulatedOnenet;
  let url: string;
  let userDir: string;
  let runtime: Runtime | undefined;

  beforeEach(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-onenet-outbox-'));
    cloud = new SimulatedOnenet();
    ({ url } = await cloud.start());
  });
  afterEach(async () => {
    await stop();
    await cloud.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function start(type: string, operation: string, values: Record<string, string>): Promise<Runtime> {
    await stop();
    const settings = (RED: Red): void => void (RED.settings['userDir'] = userDir);
    const node = { type, operation, fields: fieldsOf(values), outbox: { keep: 'disk' } };
    runtime = await startRuntime([settings, ...modules], flowWith(url, node), KEY);
    return runtime;
  }

  async function stop(): Promise<void> {
    await runtime?.stop();
    runtime = undefined;
  }

  const channel = () => cloud.world.device('500000').channel('1');

  it('ON-5.1 a picture is done when it is safe, and stored once after an outage and a restart', async () => {
    const fields = { ...CHANNEL, picture: 'msg.payload', name: 'msg.filename', description: 'msg.topic' };
    await cloud.setFault('off');
    let red = await start('onenet-picture', 'uploadPicture', fields);
    const payload = channel().camera.picture(Date.now());
    const picture = { id: 'abc', takenAt: '2026-01-02T03:04:05.000Z' };
    red.send('n', { payload, picture, filename: 'gate.jpg', topic: 'gate' });
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.ok(!readFileSync(waitingFile(), 'latin1').includes('simulated-key'));
    await cloud.setFault();
    red = await start('onenet-picture', 'uploadPicture', fields);
    const msg = await red.inbox('out').next();
    assert.equal(msg.topic, 'gate');
    assert.deepEqual(msg['picture'], picture);
    assert.equal((msg.payload as { name: string }).name, 'gate.jpg');
    assert.deepEqual((msg['upload'] as { pictureId: string }).pictureId, 'abc');
    assert.equal(channel().pictures.size, 1);
  });

  it('ON-5.1 a name that an earlier attempt took before the restart is no error', async () => {
    const fields = { ...CHANNEL, picture: 'msg.payload', name: 'msg.filename' };
    await cloud.setFault('off');
    let red = await start('onenet-picture', 'uploadPicture', fields);
    const payload = channel().camera.picture(Date.now());
    red.send('n', { payload, filename: 'gate.jpg' });
    assert.equal((await red.completions('n').next()).error, undefined);
    await stop();
    assert.ok(waitingFile());
    await cloud.setFault();
    // The answer of an upload that arrived was cut off by the crash.
    red = await startRuntime(
      modules,
      flowWith(url, {
        type: 'onenet-picture',
        operation: 'uploadPicture',
        fields: fieldsOf(fields),
      }),
      KEY,
    );
    red.send('n', { payload, filename: 'gate.jpg' });
    await red.inbox('out').next();
    await red.stop();
    red = await start('onenet-picture', 'uploadPicture', fields);
    const msg = await red.inbox('out').next();
    assert.equal((msg.payload as { alreadyStored: boolean }).alreadyStored, true);
    assert.equal(red.inbox('caught').all.length, 0);
    assert.equal(channel().pictures.size, 1);
  });

  it('ON-15.1 a file of any kind waits as well', async () => {
    const fields = { productId: '7', name: 'msg.filename', content: 'msg.payload' };
    await cloud.setFault('off');
    let red = await start('onenet-file', 'uploadFile', fields);
    red.send('n', { payload: 'counted: 7', filename: 'report.txt' });
    assert.equal((await red.completions('n').next()).error, undefined);
    await cloud.setFault();
    red = await start('onenet-file', 'uploadFile', fields);
    const msg = await red.inbox('out').next();
    assert.deepEqual(msg.payload, { productId: '7', name: 'report.txt', bytes: 10 });
    assert.equal(msg['filename'], 'report.txt');
  });

  function waitingFile(): string {
    const folder = join(userDir, 'snapflow/outbox/n/waiting');
    return join(folder, readdirSync(folder)[0] ?? '');
  }
});
