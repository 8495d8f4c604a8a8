import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, turn } from '../../../support/fake-clock';
import { isSnapflowError } from '../../../../lib/errors';
import { JsonFileStore } from '../../../../lib/lenfocus';
import { LocalRegistry } from '../../../../lib/lenfocus/registry/registry';
import { post } from '../support/post';
import { startServer } from '../support/setting';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'snapflow-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the registry', () => {
  it('puts together what is known of an SN from several places', () => {
    const registry = new LocalRegistry();
    registry.replace('flow', [{ sn: 'a', name: 'by flow', note: 'n' }]);
    registry.replace('table', [{ sn: 'A', name: 'by table', securityCode: 'c' }]);
    registry.replace('file', [{ sn: 'b', did: '7' }]);
    assert.deepEqual(registry.find(' a '), { sn: 'A', name: 'by table', note: 'n', securityCode: 'c' });
    assert.equal(registry.findByDid('7')?.sn, 'b');
    registry.replace('table', []);
    assert.deepEqual(registry.find('A'), { sn: 'a', name: 'by flow', note: 'n' });
    assert.equal(registry.list().length, 2);
  });

  it('keeps admissions across restarts, without security codes where secrets are not kept', async (t) => {
    const path = join(await folder(t), 'sub', 'admitted.json');
    const registry = new LocalRegistry({ store: new JsonFileStore(path) });
    await registry.load();
    await Promise.all([
      registry.admit({ sn: 'A', name: 'Gate', securityCode: 'secret-1' }),
      registry.admit({ sn: 'B' }),
    ]);
    assert.equal(registry.find('A')?.securityCode, 'secret-1');
    assert.doesNotMatch(await readFile(path, 'utf8'), /secret-1/);
    assert.equal((await stat(path)).mode & 0o077, 0, 'nobody else may read it');

    const next = new LocalRegistry({ store: new JsonFileStore(path) });
    await next.load();
    assert.deepEqual(next.list(), [{ sn: 'A', name: 'Gate' }, { sn: 'B' }]);
    assert.equal(await next.dismiss('a'), true);
    const last = new LocalRegistry({ store: new JsonFileStore(path) });
    await last.load();
    assert.deepEqual(last.list(), [{ sn: 'B' }]);
  });

  it('keeps security codes where the user keeps secrets', async (t) => {
    const path = join(await folder(t), 'admitted.json');
    const registry = new LocalRegistry({ store: new JsonFileStore(path, true) });
    await registry.admit({ sn: 'A', securityCode: 'secret-1' });
    const next = new LocalRegistry({ store: new JsonFileStore(path, true) });
    await next.load();
    assert.equal(next.find('A')?.securityCode, 'secret-1');
  });

  it('does not take out of the table or file what a person wrote there', async () => {
    const registry = new LocalRegistry();
    registry.replace('table', [{ sn: 'A' }]);
    await assert.rejects(
      registry.dismiss('A'),
      (error) => isSnapflowError(error) && error.code === 'BAD_INPUT',
    );
  });
});

describe('the watched device file', () => {
  const serve = async (t: TestContext, content?: string) => {
    const path = join(await folder(t), 'devices.csv');
    if (content !== undefined) await writeFile(path, content);
    const clock = new FakeClock(Date.now());
    const setting = await startServer(t, { check: 'allow-list', deviceFile: path, clock });
    const known = () => setting.server.devices().map(({ sn }) => sn);
    /** Looks as the server does, until it has seen the change. */
    const until = async (condition: () => boolean) => {
      while (!condition()) await clock.advance(5_000).then(turn);
    };
    return { ...setting, clock, known, path, until };
  };

  it('is read at the start and whenever it changes, also when it is replaced', async (t) => {
    const { errors, known, path, until } = await serve(t, 'sn\nA\n');
    assert.deepEqual(known(), ['A']);
    await writeFile(path, 'sn\nA\nB\n');
    await until(() => known().length === 2);
    await writeFile(`${path}.new`, 'sn\nC\n');
    await rename(`${path}.new`, path);
    await until(() => known()[0] === 'C');
    assert.deepEqual(errors, []);
  });

  it('may come later, and may be broken for a while: what was known stays, and it is told once', async (t) => {
    const { clock, errors, known, path, until } = await serve(t);
    assert.equal(errors.length, 1);
    await writeFile(path, 'sn\nA\n');
    await until(() => known().length === 1);
    await writeFile(path, 'name\nno SN\n');
    await until(() => errors.length === 2);
    await clock.advance(30_000);
    assert.deepEqual([known(), errors.length], [['A'], 2]);
    await writeFile(path, 'sn,name\nA,again\nB,\n');
    await until(() => known().length === 2);
  });

  it('lets in who waits at the door as soon as the file names it, and takes it off the list', async (t) => {
    const { idleCamera, path, server, until } = await serve(t, 'sn\nA\n');
    const camera = idleCamera({ sn: 'NEWCOMER' });
    const refused = once(camera, 'refused');
    await camera.start();
    await refused;
    assert.deepEqual(
      server.wantsToJoin().map(({ sn }) => sn),
      ['NEWCOMER'],
    );
    await writeFile(path, 'sn,name\nA,\nnewcomer,Porch\n');
    await until(() => camera.online);
    assert.deepEqual(server.wantsToJoin(), []);
    assert.equal(server.devices().find(({ online }) => online)?.name, 'Porch');
  });

  it('what it says of a device that is connected counts at once; who is named no longer has to go', async (t) => {
    const { device, heard, path, server, until, url } = await serve(t, 'sn,name\nA,before\nB,\n');
    const [a, b] = [await device(), await device()];
    const token = await a.connect({ sn: 'A' });
    const other = await b.connect({ sn: 'B' });
    await writeFile(path, 'sn,name\nA,after\nB,\n');
    await until(() => server.devices()[0]?.name === 'after');
    const beats = heard('heartbeat');
    await a.ask('/heartbeat', {}, token);
    assert.equal(beats[0]?.device.name, 'after');
    const gone = heard('disconnect');
    await writeFile(path, 'sn\nB\n');
    await until(() => server.state().online === 1);
    assert.deepEqual(
      gone.map(({ device: { sn }, reason }) => [sn, reason]),
      [['A', 'asked']],
    );
    assert.equal((await a.closed).code, 4002);
    const report = `${url}/api/v1/device/report/info`;
    assert.equal((await post(report, {}, { token })).status, 401);
    assert.equal((await post(report, {}, { token: other })).status, 200);
  });

  it('gets the admissions, secrets included', async (t) => {
    const { server, path, known } = await serve(t, 'sn,securityCode,name\nA,,\n');
    await Promise.all([
      server.admit({ sn: 'B', securityCode: 'code-b' }),
      server.admit({ sn: 'C', name: 'x, y' }),
      server.admit({ sn: 'a' }),
    ]);
    assert.equal(await readFile(path, 'utf8'), 'sn,securityCode,name\nA,,\nB,code-b,\nC,,"x, y"\n');
    assert.deepEqual(known(), ['A', 'B', 'C']);
    const restarted = await startServer(t, { check: 'allow-list', deviceFile: path });
    assert.deepEqual(
      restarted.server.devices().map(({ sn }) => sn),
      ['A', 'B', 'C'],
    );
  });

  it('is not read when it is far too large', async (t) => {
    const { errors, known } = await serve(t, `sn\n${'A\n'.repeat(9 * 1024 * 1024)}`);
    assert.deepEqual([known(), errors[0]?.code], [[], 'TOO_LARGE']);
  });
});
