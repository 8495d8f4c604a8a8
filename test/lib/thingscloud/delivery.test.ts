import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { laneKey, Lanes } from '../../../lib/delivery';
import { FolderStore, Outbox, type FailedEvent } from '../../../lib/delivery/outbox';
import { SimulatedThingsCloud } from '../../../lib/simulators';
import { ThingsCloudProject, type PictureUpload, type Uploaded } from '../../../lib/thingscloud';
import { picture } from '../delivery/outbox/set-up';

const TOKEN = 'token-of-the-device';
const quick = { paceMs: 1, retry: { firstMs: 1, maxMs: 5 } };

describe('TC-1 pictures on their way to ThingsCloud', () => {
  const cloud = new SimulatedThingsCloud({ paceMs: 0 });
  let project: ThingsCloudProject;
  before(async () => {
    const { url } = await cloud.start();
    project = new ThingsCloudProject({ endpoint: url, region: 'simulated', projectKey: 'simulated-key' });
  });
  after(async () => {
    await project.close();
    await cloud.stop();
  });
  let uploads = 0;
  beforeEach(() => {
    uploads = cloud.counters['uploads'] ?? 0;
  });
  const uploadsNow = (): number => (cloud.counters['uploads'] ?? 0) - uploads;

  const lanesTo = (onHeld?: () => void) =>
    new Lanes<PictureUpload, Uploaded>({
      ...quick,
      system: 'thingscloud',
      send: (upload, { signal }) => project.upload(upload, { signal }),
      onState: ({ held }) => {
        if (held.length > 0) onHeld?.();
      },
    });
  const add = (lanes: Lanes<PictureUpload, Uploaded>, name: string) =>
    lanes.add(laneKey(TOKEN), { accessToken: TOKEN, identifier: 'photo', picture: picture(name) }, 100);

  it('TC-1 are uploaded again after an internal error and after coming too soon', async () => {
    const lanes = lanesTo();
    cloud.nextError(5001, 2);
    cloud.nextError(4291);
    const { result, attempts } = await add(lanes, 'one');
    assert.match(result.url ?? '', /\/pictures\//);
    assert.equal(attempts, 4);
    assert.equal(uploadsNow(), 4);
    await lanes.close();
  });

  it('TC-1 are never uploaded again when they are stored', async () => {
    const lanes = lanesTo();
    cloud.nextError(4009);
    await assert.rejects(add(lanes, 'one'), { code: 'PARTLY_DONE' });
    await add(lanes, 'two');
    assert.equal(uploadsNow(), 2);
    await lanes.close();
  });

  it('TC-1 wait in their lane while the project key is refused, and go when it is mended', async () => {
    const lanes = lanesTo(() => lanes.resume());
    cloud.nextError(1022);
    const all = await Promise.all([add(lanes, 'one'), add(lanes, 'two')]);
    assert.deepEqual(
      all.map(({ attempts }) => attempts),
      [2, 1],
    );
    await lanes.close();
  });

  it('TC-1 come through an outbox on disk: in order, once, no AccessToken in its folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'snapflow-tc-'));
    const failed: Array<FailedEvent<{ n: number }>> = [];
    const urls: string[] = [];
    let finished = (): void => undefined;
    const done = new Promise<void>((resolve) => (finished = resolve));
    const outbox = new Outbox<{ n: number }, Uploaded>({
      ...quick,
      system: 'thingscloud',
      store: new FolderStore({ folder }),
      send: ({ body }, { signal }) =>
        project.upload({ accessToken: TOKEN, identifier: 'photo', picture: body }, { signal }),
      onFailed: (event) => failed.push(event),
      onDelivered: ({ result, meta }) => {
        urls.push(result.url ?? '');
        if (meta.n === 3) finished();
      },
    });
    cloud.nextError(5001);
    cloud.nextError(4004);
    for (const n of [0, 1, 2, 3]) await outbox.add(TOKEN, { meta: { n }, body: picture(String(n)) });
    await done;
    assert.deepEqual(
      failed.map(({ meta, error }) => [meta?.n, error.code]),
      [[0, 'UNSUPPORTED_FORMAT']],
    );
    assert.equal(urls.length, 3);
    assert.equal(uploadsNow(), 5);
    assert.deepEqual(
      cloud.pictures.slice(0, 3).map(({ data }) => data.toString('latin1', 16, 17)),
      ['3', '2', '1'],
    );
    await outbox.close();
    const names = readdirSync(folder, { recursive: true }).map(String);
    const files = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
    assert.ok(
      files.some((path) => path.includes('dead')),
      'there is something to look at',
    );
    for (const path of files) assert.ok(!`${path} ${readFileSync(path, 'latin1')}`.includes(TOKEN));
    rmSync(folder, { recursive: true });
  });
});
