import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { readReleaseTable, Releases, type OtaRelease, type OtaSource } from '../../../../lib/lenfocus';
import { FakeClock } from '../../../support/fake-clock';
import { RecordingServer, type Canned } from '../../../support/recording-server';
import { post } from '../support/post';
import { SN, startServer } from '../support/setting';

const FIRMWARE = Buffer.from('firmware '.repeat(5_000));
const hash = (algorithm: string, data: Buffer) => createHash(algorithm).update(data).digest('hex');

async function releaseFolder(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-'));
  t.after(() => rm(folder, { recursive: true }));
  const release = async (
    name: string,
    description: object | string,
    files: Record<string, Buffer | string> = {},
  ) => {
    await mkdir(join(folder, name));
    await writeFile(
      join(folder, name, 'release.json'),
      typeof description === 'string' ? description : JSON.stringify(description),
    );
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, name, file), content);
  };
  return { folder, release };
}

/** A server that devices fetch updates from. */
async function files(t: TestContext, ...answers: Canned[]) {
  const cdn = await RecordingServer.open();
  t.after(() => cdn.close());
  cdn.will(...answers);
  return cdn;
}

async function asking(t: TestContext, ota?: OtaSource) {
  const setting = await startServer(t, { ...(ota && { ota }), basePath: '/cams' });
  const camera = await setting.camera();
  const ask = async (otaId?: string) =>
    (await camera.queryOta(otaId)).body as { code: number; msg: string; data?: Record<string, unknown> };
  return { ...setting, camera, ask };
}

describe('updates (§2.3)', () => {
  it('LF-2.3 answers from a folder: the newest release, with sizes and hashes computed, and hands out the files', async (t) => {
    const { folder, release } = await releaseFolder(t);
    await release('old', { versionCode: 1, versionName: 'v0.9' }, { 'fw.bin': 'old' });
    await release(
      'new',
      {
        versionCode: 453523,
        versionName: 'v1.0',
        description: '更新了一些问题',
        releaseDate: '2021-01-01 08:00:00',
        components: [
          { file: 'fw.bin', name: 'Firmware', type: 2 },
          { file: 'model.bin', name: 'Model', type: 4, url: 'https://cdn.example/model.bin' },
        ],
      },
      { 'fw.bin': FIRMWARE, 'model.bin': 'model' },
    );
    await mkdir(join(folder, 'no release'));
    const { ask, next, url } = await asking(t, new Releases({ folder, zone: 480 }));
    const told = next('ota');
    const { data, ...answer } = await ask('35646hgf56768');
    assert.deepEqual(answer, { code: 200, msg: 'OK' });
    const address = `${url}/api/v1/ota/file/${hash('sha256', FIRMWARE)}/fw.bin`;
    assert.deepEqual(data, {
      verCode: 453523,
      verName: 'v1.0',
      description: '更新了一些问题',
      releaseDate: '2021-01-01 08:00:00',
      componentList: [
        {
          name: 'Firmware',
          type: 2,
          size: FIRMWARE.length,
          md5: hash('md5', FIRMWARE),
          sha256: hash('sha256', FIRMWARE),
          url: address,
        },
        {
          name: 'Model',
          type: 4,
          size: 5,
          md5: hash('md5', Buffer.from('model')),
          sha256: hash('sha256', Buffer.from('model')),
          url: 'https://cdn.example/model.bin',
        },
      ],
    });
    const { query, release: given } = await told;
    assert.deepEqual(
      [query.otaId, query.firmware, query.software, query.system, query.hardware, query.device.sn],
      ['35646hgf56768', '1.2', '1.3', '1.4', '1.5', SN],
    );
    assert.equal(given?.versionCode, 453523);
    const file = await fetch(address);
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), FIRMWARE);
  });

  it('LF-2.3 a release without a list of components has all its files; their kind is told by their name', async (t) => {
    const { folder, release } = await releaseFolder(t);
    await release('1295', { verCode: '1295' }, { 'x-ver.bin': 'v', 'x.bin': 'f' });
    const { ask } = await asking(t, new Releases({ folder, zone: 480 }));
    const { verName, releaseDate, componentList } = (await ask()).data ?? {};
    assert.equal(verName, '1295');
    assert.match(String(releaseDate), /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
    assert.deepEqual(
      (componentList as Array<{ name: string; type: number }>).map(({ name, type }) => [name, type]),
      [
        ['x-ver.bin', 1],
        ['x.bin', 2],
      ],
    );
  });

  it('LF-2.3 answers from a table, by the code of the update', async (t) => {
    const { folder } = await releaseFolder(t);
    await writeFile(join(folder, 'a.bin'), 'a');
    const components = [{ file: join(folder, 'a.bin') }];
    const table = [
      { versionCode: 1, versionName: 'for all', components },
      { versionCode: 9, versionName: 'for some', otaId: 'pilot', components },
    ];
    const { ask } = await asking(t, new Releases({ table, zone: 0 }));
    assert.equal((await ask('pilot')).data?.verName, 'for some');
    assert.equal((await ask('other')).data?.verName, 'for all');
  });

  it('LF-2.3 a component at an address is fetched once, hashed, and left where it is', async (t) => {
    const cdn = await files(t, { body: FIRMWARE });
    const clock = new FakeClock();
    const url = `${cdn.url}/v7/fw-ver.bin?key=secret`;
    const table = readReleaseTable(JSON.stringify([{ versionCode: '7', components: [{ url }] }]));
    const { ask } = await asking(t, new Releases({ table, zone: 480, clock, freshMs: 1_000 }));
    for (let turn = 0; turn < 2; turn++) {
      const { data } = await ask();
      assert.equal(data?.verName, '7');
      const digests = { size: FIRMWARE.length, md5: hash('md5', FIRMWARE), sha256: hash('sha256', FIRMWARE) };
      assert.deepEqual(data?.componentList, [{ name: 'fw-ver.bin', type: 1, ...digests, url }]);
    }
    assert.equal(cdn.requests.length, 1);
    // It may have been replaced.
    await clock.advance(1_001);
    await ask();
    assert.equal(cdn.requests.length, 2);
  });

  it('says why a component cannot be fetched, without the key in its address, and asks again', async (t) => {
    const cdn = await files(t, { status: 404 }, { body: FIRMWARE });
    const table = [
      { versionCode: 1, versionName: '1', components: [{ url: `${cdn.url}/fw.bin?key=secret` }] },
    ];
    const releases = new Releases({ table, zone: 480, maxBytes: 1_000 });
    const { ask, errors } = await asking(t, releases);
    assert.equal((await ask()).code, 500);
    assert.equal(errors[0]?.code, 'NOT_FOUND');
    assert.match(errors[0]?.message ?? '', /\/fw\.bin answered 404/);
    assert.doesNotMatch(errors[0]?.message ?? '', /secret/);
    assert.equal((await ask()).code, 500);
    assert.equal(errors[1]?.code, 'TOO_LARGE');
    assert.doesNotMatch(errors[1]?.message ?? '', /secret/);
    releases.close();
    assert.equal((await ask()).code, 500);
    assert.equal(errors[2]?.code, 'CLOSED');
  });

  for (const [what, table, message] of [
    ['no JSON', '[{', /no valid JSON/],
    ['no version', '[{"versionCode": 1, "components": [{"file": "a"}]}, {"components": []}]', /^Row 2 /],
    ['no component', '[{"versionCode": 1}]', /^Row 1 /],
    ['a component that is nowhere', '[{"versionCode": 1, "components": [{"type": 2}]}]', /^Row 1 /],
    ['an address of another kind', '[{"versionCode": 1, "components": [{"url": "ftp://a/b"}]}]', /^Row 1 /],
  ] as const) {
    it(`refuses a table with ${what}`, () => {
      assert.throws(() => readReleaseTable(table), { code: 'BAD_INPUT', message });
    });
  }

  it('a file that changed is hashed anew, and no longer handed out under its old hash', async (t) => {
    const { folder, release } = await releaseFolder(t);
    await release('a', { versionCode: 1 }, { 'fw.bin': 'one' });
    const { ask } = await asking(t, new Releases({ folder, zone: 480 }));
    const urlOf = async () => ((await ask()).data?.componentList as Array<{ url: string }>)[0]?.url ?? '';
    const before = await urlOf();
    await writeFile(join(folder, 'a', 'fw.bin'), 'another');
    assert.equal((await fetch(before)).status, 404);
    assert.equal(await (await fetch(await urlOf())).text(), 'another');
  });

  it('hands out nothing that it did not offer, and nothing outside the folder', async (t) => {
    const { folder, release } = await releaseFolder(t);
    await writeFile(join(folder, 'secret'), 'secret');
    await release('a', { versionCode: 1, components: [{ file: '../secret' }] }, { secret: 'not so secret' });
    const { ask, url } = await asking(t, new Releases({ folder, zone: 480 }));
    assert.equal(
      (await fetch(`${url}/api/v1/ota/file/${hash('sha256', Buffer.from('secret'))}/x`)).status,
      404,
    );
    const [component] = (await ask()).data?.componentList as Array<{ sha256: string }>;
    assert.equal(component?.sha256, hash('sha256', Buffer.from('not so secret')));
    for (const path of ['..%2f..%2fsecret', '__proto__', '']) {
      assert.equal((await fetch(`${url}/api/v1/ota/file/${path}`)).status, 404);
    }
  });

  it('answers 426 when there is nothing, and says what is wrong with a release', async (t) => {
    const nothing = await asking(t);
    assert.deepEqual(await nothing.ask(), { code: 426, msg: 'No release' });
    const { folder, release } = await releaseFolder(t);
    await release('a', 'no JSON');
    const broken = await asking(t, new Releases({ folder, zone: 480 }));
    assert.equal((await broken.ask()).code, 500);
    assert.equal(broken.errors[0]?.code, 'BAD_INPUT');
    assert.match(broken.errors[0]?.message ?? '', /release\.json/);
  });

  it('LF-2.3 answers what the flow says', async (t) => {
    const release: OtaRelease = {
      versionCode: 7,
      versionName: 'by flow',
      releaseDate: '2021-01-01 08:00:00',
      components: [],
    };
    const { ask } = await asking(t, {
      find: ({ otaId }) => Promise.resolve(otaId === 'x' ? release : undefined),
    });
    assert.equal((await ask('x')).data?.verCode, 7);
    assert.equal((await ask('y')).code, 426);
  });

  it('needs a token as any report does', async (t) => {
    const { url } = await asking(t);
    assert.equal((await post(`${url}/api/v1/ota/query`, { sn: SN })).status, 401);
  });
});
