import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { FitReport } from '../../../lib/fit';
import { readPictureHeader } from '../../../lib/picture';
import { SimulatedOnenet, SimulatedThingsCloud } from '../../../lib/simulators';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { photo } from '../../lib/fit/pictures';
import { fieldsOf, flowWith, modules as onenetModules } from '../onenet/support';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

const LIMIT = 15_000;
const SECRETS = { project: { projectKey: 'simulated-key' }, n: { accessToken: 'device-token-1' } };

describe('fit automatically', () => {
  let large: Buffer;
  let small: Buffer;
  let webp: Buffer;
  let folder: string;
  let runtime: Runtime | undefined;
  before(async () => {
    large = await (await photo(640, 360)).jpeg({ quality: 90 }).toBuffer();
    small = await (await photo(160, 90)).jpeg({ quality: 70 }).toBuffer();
    webp = await (await photo(640, 360)).webp().toBuffer();
    folder = mkdtempSync(join(tmpdir(), 'snapflow-fit-'));
    assert.ok(large.length > LIMIT && small.length < LIMIT);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
  });

  describe('in thingscloud-upload', () => {
    let cloud: SimulatedThingsCloud;
    let endpoint: string;
    beforeEach(async () => {
      cloud = new SimulatedThingsCloud({ paceMs: 0 });
      endpoint = (await cloud.start()).url;
    });
    afterEach(() => cloud.stop());

    async function start(upload: object): Promise<Runtime> {
      const project = { endpoint, region: 'simulated', pace: 0, maxPictureBytes: LIMIT };
      const flow: Flow = [
        { id: 'tab', type: 'tab' },
        { id: 'project', type: 'thingscloud-project', ...project },
        {
          id: 'n',
          type: 'thingscloud-upload',
          z: 'tab',
          project: 'project',
          identifier: 'photo',
          wires: [['out']],
          ...upload,
        },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
        { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
        { id: 'caught', type: 'collect', z: 'tab', wires: [] },
      ];
      return (runtime = await startRuntime([projectModule, uploadModule], flow, SECRETS));
    }
    const codeOf = async (red: Runtime) =>
      ((await red.inbox('caught').next())['error'] as { code: string }).code;

    for (const keep of ['memory', 'disk'] as const) {
      it(`brings what is too large under the limit of the project, in order (${keep})`, async () => {
        const red = await start({ fit: true, outbox: { keep, folder: join(folder, 'order') } });
        red.send('n', { payload: large, number: 1 });
        red.send('n', { payload: small, number: 2 });
        const report = (await red.inbox('out').next())['fit'] as FitReport;
        assert.deepEqual([report.action, report.from.bytes], ['encoded', large.length]);
        assert.equal((await red.inbox('out').next())['fit'], undefined);
        // The latest first.
        const [second, first] = cloud.pictures.map(({ data }) => data);
        assert.ok(first && first.length <= LIMIT);
        assert.equal(first.length, report.to.bytes);
        assert.deepEqual(second, small);
      });

      it(`makes a picture smaller once more when the platform refuses it as too large (${keep})`, async () => {
        const red = await start({ fit: true, outbox: { keep, folder: join(folder, 'again') } });
        cloud.nextError(4005);
        red.send('n', { payload: small });
        await red.inbox('out').next();
        assert.ok((cloud.pictures[0]?.data.length ?? Infinity) <= small.length * 0.6);
        cloud.nextError(4005, 2);
        red.send('n', { payload: small });
        assert.equal(await codeOf(red), 'TOO_LARGE');
      });
    }

    it('is a choice: without it such a picture is refused', async () => {
      const red = await start({ fit: false });
      red.send('n', { payload: large });
      assert.equal(await codeOf(red), 'TOO_LARGE');
      assert.equal(cloud.pictures.length, 0);
    });
  });

  describe('in onenet-picture', () => {
    let cloud: SimulatedOnenet;
    let url: string;
    beforeEach(async () => {
      cloud = new SimulatedOnenet();
      ({ url } = await cloud.start());
    });
    afterEach(() => cloud.stop());

    it('ON-5.1 keeps within the size of the dialog, and turns into JPEG what OneNET does not store', async () => {
      const fields = fieldsOf({ deviceId: '500000', channelId: '1', picture: 'msg.payload' });
      const node = { type: 'onenet-picture', operation: 'uploadPicture', fields, fit: true, fitBytes: LIMIT };
      runtime = await startRuntime(onenetModules, flowWith(url, node), { acc: { apiKey: 'simulated-key' } });
      for (const payload of [large, webp]) {
        runtime.send('n', { payload });
        const msg = await runtime.inbox('out').next();
        assert.ok((msg['fit'] as FitReport).to.bytes <= LIMIT);
      }
      const stored = [...cloud.world.device('500000').channel('1').pictures.values()].map(({ data }) => data);
      assert.equal(stored.length, 2);
      for (const data of stored) {
        assert.ok(data.length <= LIMIT);
        assert.equal(readPictureHeader(data).format, 'jpeg');
      }
    });
  });
});
