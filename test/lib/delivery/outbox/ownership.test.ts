import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { diskFiles } from '../../../../lib/delivery/outbox/files';
import { identityOfThisProcess, type Identity } from '../../../../lib/delivery/outbox/identity';
import { Ownership } from '../../../../lib/delivery/outbox/ownership';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, turn, until } from '../../../support/fake-clock';
import { follow } from '../sending';
import { MemoryFiles } from './memory-files';
import { ok, setUp } from './set-up';

const FOLDER = '/outbox';

async function disk(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await files.makeFolder(FOLDER);
  return files;
}

function owner(files: MemoryFiles, clock = new FakeClock(), self?: Identity): Ownership {
  return new Ownership(FOLDER, { files, clock, system: 'snapflow', self });
}

/** A process that cannot be seen from here. */
const elsewhere = (nonce: string): Identity => ({
  nonce,
  pid: 1,
  host: 'other',
  place: 'another machine',
  started: '7',
});

const leave = (files: MemoryFiles, identity: Identity, generation = 1) =>
  files.plant(`${FOLDER}/owner-${generation}`, Buffer.from(JSON.stringify(identity)));

describe('outbox: one owner', () => {
  it('refuses a second owner in the same process and says who has it, until the first lets go', async () => {
    const files = await disk();
    const first = owner(files);
    const second = owner(files);
    await first.take();
    await assert.rejects(second.take(), {
      code: 'BAD_INPUT',
      message: new RegExp(`/outbox is in use.*process ${process.pid} on`),
    });
    await first.release();
    await second.take();
    await second.release();
  });

  it('of many that want it at once exactly one gets it', async () => {
    const files = await disk();
    leave(files, { ...identityOfThisProcess(), pid: 999_999_999 });
    const owners = Array.from({ length: 20 }, () => owner(files));
    const outcomes = await Promise.allSettled(owners.map((one) => one.take()));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(files.names(FOLDER).length, 1, 'the marks of the dead are gone');
    for (const one of owners) await one.release();
  });

  it('follows at once one whose process is dead, or whose pid is of another process by now', async () => {
    const self = identityOfThisProcess();
    for (const dead of [
      { ...self, nonce: 'dead', pid: 999_999_999 },
      { ...self, nonce: 'dead', pid: self.pid },
      { ...self, nonce: 'dead', pid: process.ppid, started: '1' },
    ]) {
      const files = await disk();
      leave(files, dead, 7);
      const clock = new FakeClock();
      const next = owner(files, clock);
      await next.take();
      assert.equal(clock.timers, 0);
      assert.deepEqual(files.names(FOLDER), ['owner-8']);
      await next.release();
    }
  });

  it('looks for signs of life where it cannot see the process: stands still, so it is dead', async () => {
    const files = await disk();
    leave(files, elsewhere('gone'));
    const clock = new FakeClock();
    const next = owner(files, clock);
    const taken = follow(next.take().then(() => 'taken'));
    await clock.advance(9_000);
    assert.equal(taken.value, undefined);
    await clock.advance(2_000);
    assert.equal(taken.value, 'taken');
    await next.release();
  });

  it('follows at once one that said farewell, wherever it was', async () => {
    const files = await disk();
    files.plant(`${FOLDER}/owner-3`, Buffer.from(JSON.stringify({ ...elsewhere('gone'), released: true })));
    const clock = new FakeClock();
    const next = owner(files, clock);
    await next.take();
    assert.equal(clock.timers, 0);
    await next.release();
  });

  it('looks for signs of life where it cannot see the process: it lives', async () => {
    const files = await disk();
    leave(files, elsewhere('alive'));
    const clock = new FakeClock();
    const outcome = follow(owner(files, clock).take());
    await clock.advance(3_000);
    await files.touch(`${FOLDER}/owner-1`, new Date(5));
    await clock.advance(2_000);
    assert.equal(outcome.code, 'BAD_INPUT');
    assert.match(String(outcome.error), /process 1 on other/);
  });

  it('takes a mark that is still being written for alive, one that stays torn for dead', async () => {
    const files = await disk();
    files.plant(`${FOLDER}/owner-1`, Buffer.alloc(0));
    const clock = new FakeClock();
    const outcome = follow(owner(files, clock).take());
    await clock.advance(1_000);
    leave(files, elsewhere('fresh'));
    await clock.advance(2_000);
    assert.equal(outcome.code, 'BAD_INPUT');

    files.plant(`${FOLDER}/owner-1`, Buffer.from('{"nonce":'));
    const next = owner(files, clock);
    const taken = follow(next.take().then(() => 'taken'));
    await clock.advance(11_000);
    assert.equal(taken.value, 'taken');
    await next.release();
  });

  it('can be called off while it looks', async () => {
    const files = await disk();
    leave(files, elsewhere('alive'));
    const clock = new FakeClock();
    const next = owner(files, clock);
    const outcome = follow(next.take());
    await clock.advance(1_000);
    next.cancel();
    await turn();
    assert.equal(outcome.code, 'CLOSED');
    assert.equal(clock.timers, 0);
    assert.deepEqual(files.names(FOLDER), ['owner-1']);
  });

  it('an outbox whose folder was taken over stops sending, and goes on when it gets it back', async () => {
    const { clock, files, outbox, sending, add } = setUp({ rule: ok, paceMs: 5_000 });
    for (const name of ['a1', 'a2', 'a3']) await add(name);
    await turn();
    leave(files, elsewhere('thief'), 2);
    await clock.advance(6_000);
    assert.equal(sending.starts.length, 1);
    assert.equal(outbox.state().open, false);
    assert.equal(outbox.state().problem?.code, 'BAD_INPUT');
    assert.equal(outbox.state().waiting, 0);
    await clock.advance(60_000);
    assert.equal(outbox.state().open, true, 'the thief stood still');
    assert.deepEqual(
      sending.starts.map(({ item }) => item),
      ['a1', 'a2', 'a3'],
    );
    await outbox.close();
  });

  it('does not send at the same time what it is still sending when it gets its folder back', async () => {
    const { clock, files, outbox, sending, delivered, dropped, add } = setUp();
    await add('a1');
    await turn();
    leave(files, elsewhere('thief'), 2);
    await clock.advance(60_000);
    assert.equal(outbox.state().open, true);
    assert.equal(outbox.state().waiting, 1);
    sending.last.succeed();
    await clock.advance(60_000);
    assert.equal(sending.starts.length, 1);
    assert.equal(delivered.length, 1);
    assert.deepEqual(dropped, []);
    await outbox.close();
  });

  it('two outboxes on one folder: the second is refused, and begins when the first closes', async () => {
    const files = new MemoryFiles();
    const clock = new FakeClock();
    const first = setUp({ files, clock, rule: () => undefined });
    const second = setUp({ files, clock, rule: ok });
    await first.add('a1');
    await assert.rejects(second.outbox.open(), { code: 'BAD_INPUT' });
    await assert.rejects(second.add('b1'), { code: 'BAD_INPUT', message: /in use/ });
    await first.outbox.close();
    await clock.advance(3_000);
    await until(() => second.delivered.length > 0);
    assert.deepEqual(
      second.delivered.map(({ meta }) => meta.name),
      ['a1'],
    );
    await second.outbox.close();
  });

  it('holds between processes, and a killed one is followed at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'snapflow-owner-'));
    const script = `
      const { Ownership } = require('${join(__dirname, '../../../../lib/delivery/outbox/ownership')}');
      const { diskFiles } = require('${join(__dirname, '../../../../lib/delivery/outbox/files')}');
      const { systemClock } = require('${join(__dirname, '../../../../lib/clock')}');
      new Ownership(process.argv[1], { files: diskFiles, clock: systemClock, system: 'snapflow' })
        .take().then(() => console.log('taken')); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: join(__dirname, '../../../..'),
    });
    await once(child.stdout, 'data');
    const next = new Ownership(folder, { files: diskFiles, clock: new FakeClock(), system: 'snapflow' });
    await assert.rejects(next.take(), { code: 'BAD_INPUT', message: new RegExp(`process ${child.pid}`) });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await next.take();
    await next.beat();
    assert.deepEqual(readdirSync(folder), ['owner-2']);
    await next.release();
    writeFileSync(join(folder, 'owner-9'), JSON.stringify(elsewhere('later')));
    await assert.rejects(next.beat(), { code: 'BAD_INPUT' });
    rmSync(folder, { recursive: true });
  });
});
