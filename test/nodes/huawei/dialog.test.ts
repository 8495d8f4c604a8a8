import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedHuaweiCamera } from '../../../lib/simulators';
import cameraModule from '../../../nodes/huawei/huawei-camera';
import snapshotModule from '../../../nodes/huawei/huawei-snapshot';
import { startRuntime, type Credentials, type Reply, type Runtime } from '../support/runtime';

const LOGIN = { username: 'ApiAdmin', password: 'simulated' };

describe('the dialogs of Huawei cameras', () => {
  let camera: SimulatedHuaweiCamera;
  let runtime: Runtime;
  let url: string;
  let fingerprint: string | undefined;

  beforeEach(async () => {
    camera = new SimulatedHuaweiCamera({ tls: true, channels: [{ name: 'Entrance' }, { name: 'Yard' }] });
    ({ url, fingerprint } = await camera.start());
  });
  afterEach(async () => {
    await runtime.stop();
    await camera.stop();
  });

  async function start(fields: object = {}, credentials: Credentials = { cam: LOGIN }): Promise<void> {
    const deployed = {
      id: 'cam',
      type: 'huawei-camera',
      address: url,
      tlsMode: 'pin',
      fingerprint,
      ...fields,
    };
    runtime = await startRuntime([cameraModule, snapshotModule], [deployed], credentials);
  }

  /** What the editor sends of a config node. */
  const draft = (fields: object = {}, credentials: object = {}) => ({
    config: {
      id: 'cam',
      type: 'huawei-camera',
      address: url,
      tlsMode: 'pin',
      fingerprint,
      timeout: 10,
      ...fields,
    },
    credentials,
  });

  const snap = (drawn: object, uuid = camera.channels[0]?.uuid, language?: string): Promise<Reply> =>
    runtime.post(
      '/snapflow/huawei/snapshot',
      { node: 'n', camera: drawn, uuid: { value: uuid, type: 'str' }, channel: { value: '', type: 'str' } },
      language,
    );

  it('X-HW-b, X-HW-c find the channels', async () => {
    await start();
    const { status, body } = await runtime.post('/snapflow/huawei/channels', { camera: draft() });
    assert.equal(status, 200);
    assert.deepEqual(
      (body['channels'] as Array<Record<string, string>>).map(({ name, uuid, channelId }) => [
        name,
        uuid,
        channelId,
      ]),
      camera.channels.map(({ name, uuid, id }) => [name, uuid, String(id)]),
    );
  });

  it('X-HW-d test the connection', async () => {
    await start();
    const { status, body } = await runtime.post('/snapflow/huawei/test', draft());
    assert.equal(status, 200);
    assert.deepEqual(body['facts'], ['SDC 9.0.0 (simulated)', '2102000000SIMULATED0']);
  });

  it('take a picture with the values on screen, of a camera that is not deployed', async () => {
    await start({ address: 'https://192.0.2.1' }, {});
    const { status, body } = await snap(draft({ id: 'new' }, LOGIN));
    assert.equal(status, 200);
    const [picture] = body['pictures'] as Array<{ data: string; width: number; bytes: number; mime: string }>;
    const bytes = Buffer.from(picture?.data ?? '', 'base64');
    assert.equal(bytes.length, picture?.bytes);
    assert.deepEqual([picture?.mime, picture?.width], ['image/jpeg', 640]);
  });

  it('use the stored password against the stored address only', async () => {
    await start();
    assert.equal((await snap(draft())).status, 200);

    const other = new SimulatedHuaweiCamera({ tls: true });
    const { url: elsewhere, fingerprint: its } = await other.start();
    const reply = await snap(draft({ address: elsewhere, fingerprint: its }));
    assert.equal(reply.status, 422);
    assert.equal(reply.body['code'], 'BAD_INPUT');
    assert.equal(other.counters['requests'], 0);
    await other.stop();
  });

  it('show the fingerprint of a refused certificate, so that it can be trusted', async () => {
    await start();
    const refused = await snap(draft({ tlsMode: 'verify' }));
    assert.equal(refused.body['code'], 'CERTIFICATE_REJECTED');
    const { fingerprint: seen } = refused.body['details'] as { fingerprint: string };
    assert.equal(seen, fingerprint);
    assert.equal((await snap(draft({ tlsMode: 'pin', fingerprint: seen }))).status, 200);
  });

  it("tell the reason in the browser's language", async () => {
    await start();
    const reply = await snap(draft({}, { ...LOGIN, password: 'typed-wrongly' }), undefined, 'zh-CN');
    assert.equal(reply.status, 422);
    assert.equal(reply.body['code'], 'AUTH_REJECTED');
    assert.match(String(reply.body['message']), /\p{Script=Han}/u);
    assert.doesNotMatch(JSON.stringify(reply.body), /typed-wrongly/);
  });
});
