/** The OneNET examples, run: each does what it tells its user, and nothing ends in its catch node. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { NodeConfig, Red } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { startExample, type Example } from '../support/example';
import { modules } from './support';

describe('OneNET examples', () => {
  let userDir: string;
  before(() => {
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-examples-'));
  });
  after(() => rmSync(userDir, { recursive: true, force: true }));

  const withUserDir = (RED: Red): void => {
    RED.settings['userDir'] = userDir;
  };
  const all = [withUserDir, ...modules, simulatorModule, projectModule, uploadModule];

  /** Runs an example, and sees at its end that nothing went wrong on the way. */
  async function run(
    name: string,
    change: Parameters<typeof startExample>[2],
    see: (example: Example) => Promise<void>,
  ): Promise<void> {
    const example = await startExample(name, all, change);
    try {
      await see(example);
      assert.deepEqual(example.shown('error ·').all, []);
    } finally {
      await example.runtime.stop();
    }
  }

  it('X-ON-a onenet-take-picture: the device takes a picture, and the platform knows it', () =>
    run('onenet-take-picture', soon, async ({ shown }) => {
      const { picture, payload } = (await shown('picture ·').next()) as PictureMessage;
      const { source, width, height } = picture;
      assert.deepEqual([source.device, source.kind, width, height], ['500000', 'snapshot', 640, 360]);
      const facts = (await shown('facts ·').next()).payload as Record<string, unknown>;
      assert.deepEqual([facts['name'], facts['sizeBytes']], [picture.name, payload.length]);
    }));

  it('ON-1.4 ON-3.2b ON-4.3 onenet-ptz-patrol: each thumbnail shows where the camera looks now', () =>
    run('onenet-ptz-patrol', soon, async ({ runtime, id, shown }) => {
      const pictures = shown('picture ·');
      const first = (await pictures.next()) as PictureMessage;
      const { source, width, height } = first.picture;
      assert.deepEqual([source.kind, width, height], ['thumbnail', 320, 180]);
      // The messages of the next 25 seconds at once, so that the patrol need not be waited for.
      const movements: unknown[] = [];
      const seen = new Set([first.payload.toString('base64')]);
      for (let turn = 1; turn < 6; turn++) {
        runtime.send(id('change'), { payload: turn * 5000 });
        const next = (await pictures.next()) as PictureMessage;
        movements.push(next['movement']);
        seen.add(next.payload.toString('base64'));
      }
      assert.deepEqual(movements, ['up', 'right', 'right', 'down', 'left']);
      assert.equal(seen.size, 6);
      const device = (await shown('device ·').next()).payload as Record<string, unknown>;
      assert.deepEqual([device['deviceId'], device['online']], ['500000', true]);
    }));

  it('ON-5.2w onenet-new-pictures: every picture reaches ThingsCloud once, also across a restart', async () => {
    const often = (node: NodeConfig & { fields?: object }) =>
      ({
        'onenet-picture': { fields: { ...node.fields, intervalSeconds: { value: '1', type: 'str' } } },
        'snapflow-simulator': { pictureEvery: 1, pace: 0 },
        'thingscloud-project': { pace: 0 },
      })[node.type];
    const delivered: unknown[] = [];
    await run('onenet-new-pictures', often, async ({ runtime, flow, id, shown }) => {
      const deliver = async () => {
        const { url, pictureId } = (await shown('uploaded ·').next())['upload'] as Record<string, string>;
        const stored = await fetch(url ?? '');
        assert.equal(stored.headers.get('content-type'), 'image/jpeg');
        delivered.push(pictureId);
      };
      await deliver();
      await deliver();
      // The watching node starts anew, the clouds go on.
      const again = { name: 'again' };
      const watching = id('onenet-picture');
      await runtime.deploy(
        flow.map((node) => (node.id === watching ? { ...node, ...again } : node)),
        'nodes',
      );
      await deliver();
    });
    assert.equal(new Set(delivered).size, 3);
    assert.equal(readdirSync(join(userDir, 'snapflow')).length, 1);
  });

  it('ON-12 ON-6.2u ON-15.1 onenet-record-on-alarm: the video of the alarm, ready to play, and its note', () => {
    const quick = (node: NodeConfig) => (node.type === 'delay' ? { timeout: '0.2' } : soon(node));
    return run('onenet-record-on-alarm', quick, async ({ shown }) => {
      const { hlsUrl, rtmpUrl } = (await shown('video ·').next()).payload as Record<string, string>;
      assert.match(hlsUrl ?? '', /^http:\/\/127\.0\.0\.1:\d+\/.+\?token=\w+$/);
      assert.match(rtmpUrl ?? '', /^rtmp:\/\/.+\?\w+$/);
      const note = (await shown('note ·').next()).payload as { name: string; bytes: number };
      assert.match(note.name, /^alarm-\d+\.txt$/);
      assert.ok(note.bytes > 'Alarm at '.length);
    });
  });
});

/** Injects that begin by themselves begin as soon as the simulators listen, and once. */
function soon({ type }: NodeConfig): object | undefined {
  return type === 'inject' ? { onceDelay: 0.3, repeat: '' } : undefined;
}
