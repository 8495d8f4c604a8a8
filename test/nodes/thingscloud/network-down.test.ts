/** The example *network-down*, run: through an outage and a restart of Node-RED. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import cameraModule from '../../../nodes/huawei/huawei-camera';
import snapshotModule from '../../../nodes/huawei/huawei-snapshot';
import { outboxKey } from '../../../nodes/shared/delivery/words';
import type { Red } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { startExample, type Example } from '../support/example';

describe('the example network-down', () => {
  let userDir: string;
  before(() => {
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-network-down-'));
  });
  after(() => rmSync(userDir, { recursive: true, force: true }));

  const settings = (RED: Red): void => void (RED.settings['userDir'] = userDir);
  const modules = [settings, cameraModule, snapshotModule, projectModule, uploadModule, simulatorModule];

  /** Without the trigger every three seconds, and without its pace. */
  const start = (): Promise<Example> =>
    startExample('network-down', modules, (node) => {
      if ('repeat' in node && node.repeat !== '') return { repeat: '', once: false };
      return 'pace' in node ? { pace: 0 } : undefined;
    });

  it('keeps pictures through an outage and a restart, lists, and delivers them when the network is back', async () => {
    let { runtime, id, shown } = await start();
    const press = (name: string): void => runtime.send(id('inject', name), {});
    const upload = id('thingscloud-upload');
    const playing = (name: string) =>
      runtime.statuses(id('snapflow-simulator', name)).until(({ fill }) => fill === 'green');
    try {
      await playing('simulated camera');
      await playing('simulated ThingsCloud');
      press('every 3 s');
      assert.equal((await shown('delivered').next())['upload'] !== undefined, true);
      assert.equal((await runtime.completions(upload).next()).error, undefined);

      press('network down');
      for (let picture = 0; picture < 3; picture += 1) {
        press('every 3 s');
        assert.equal((await runtime.completions(upload).next()).error, undefined);
      }
      await runtime
        .statuses(upload)
        .until(({ text }) => text?.startsWith(outboxKey('status.retrying')) ?? false);
      press('list');
      const { payload } = await shown('delivered').next();
      const { waiting, pictures } = payload as {
        waiting: number;
        pictures: Array<{ reason?: { code: string } }>;
      };
      assert.equal(waiting, 3);
      assert.equal(pictures[0]?.reason?.code, 'UNREACHABLE');

      await runtime.stop();
      ({ runtime, id, shown } = await start());
      const ids = new Set<unknown>();
      for (let picture = 0; picture < 3; picture += 1) {
        const msg = await shown('delivered').next();
        const { pictureId } = msg['upload'] as { pictureId: string };
        assert.equal((msg['picture'] as { id: string }).id, pictureId);
        ids.add(pictureId);
      }
      assert.equal(ids.size, 3);

      press('refuse one');
      press('every 3 s');
      const { error } = (await shown('error').next()) as { error?: { code?: string } };
      assert.equal(error?.code, 'TOO_LARGE');
      press('send again');
      await shown('delivered').next();
    } finally {
      await runtime.stop();
    }
  });
});
