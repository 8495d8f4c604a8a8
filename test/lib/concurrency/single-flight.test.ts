import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { SingleFlight } from '../../../lib/concurrency/single-flight';

/** Tasks that the test starts and ends by hand. */
function tasks() {
  const started: Array<{
    name: string;
    signal: AbortSignal;
    end(value: string): void;
    fail(e: Error): void;
  }> = [];
  const task = (name: string) => (signal: AbortSignal) =>
    new Promise<string>((end, fail) => started.push({ name, signal, end, fail }));
  return { started, task, names: () => started.map(({ name }) => name) };
}

const code = (expected: string) => ({ name: 'SnapflowError', code: expected });
const settled = () => new Promise(setImmediate);

describe('single flight: share', () => {
  it('gives the running result to all who come meanwhile, and a new one to who comes after', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>();
    const calls = [flight.run(task('a')), flight.run(task('b')), flight.run(task('c'))];
    started[0]!.end('one');
    assert.deepEqual(await Promise.all(calls), ['one', 'one', 'one']);
    const later = flight.run(task('d'));
    started[1]!.end('two');
    assert.equal(await later, 'two');
    assert.deepEqual(names(), ['a', 'd']);
  });

  it('shares a failure, too', async () => {
    const { started, task } = tasks();
    const flight = new SingleFlight<string>();
    const calls = [flight.run(task('a')), flight.run(task('b'))];
    const failure = new Error('off');
    started[0]!.fail(failure);
    for (const call of calls) await assert.rejects(call, failure);
  });

  it('runs calls of different keys beside each other', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>();
    const calls = ['1', '2', '1'].map((key) => flight.run(task(key), { key }));
    assert.deepEqual(names(), ['1', '2']);
    started[1]!.end('second');
    started[0]!.end('first');
    assert.deepEqual(await Promise.all(calls), ['first', 'second', 'first']);
  });

  it('lets one caller leave while others wait, and aborts the task when the last one leaves', async () => {
    const { started, task } = tasks();
    const flight = new SingleFlight<string>();
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) => flight.run(task('a'), { signal }));
    first.abort();
    await assert.rejects(calls[0]!, code('CLOSED'));
    assert.equal(started[0]!.signal.aborted, false);
    second.abort();
    await assert.rejects(calls[1]!, code('CLOSED'));
    assert.equal(started[0]!.signal.aborted, true);
  });

  it('shares no result of a task that is being aborted: who comes then waits for a new one', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>();
    const controller = new AbortController();
    const gone = flight.run(task('aborted'), { signal: controller.signal });
    controller.abort();
    await assert.rejects(gone, code('CLOSED'));
    const calls = [flight.run(task('new')), flight.run(task('never'))];
    assert.deepEqual([names(), flight.queued], [['aborted'], 1]);
    started[0]!.fail(new Error('aborted'));
    await settled();
    started[1]!.end('fresh');
    assert.deepEqual(await Promise.all(calls), ['fresh', 'fresh']);
    assert.deepEqual(names(), ['aborted', 'new']);
  });

  it('leaves no listener behind on a signal', async () => {
    const { started, task } = tasks();
    const flight = new SingleFlight<string>();
    const { signal } = new AbortController();
    const calls = [flight.run(task('a'), { signal }), flight.run(task('b'), { signal })];
    assert.equal(getEventListeners(signal, 'abort').length, 2);
    started[0]!.end('');
    await Promise.all(calls);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('single flight: queue', () => {
  it('runs waiting calls one after the other, in order, also after a failure', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'queue' });
    const calls = ['a', 'b', 'c'].map((name) => flight.run(task(name)));
    assert.deepEqual([names(), flight.queued], [['a'], 2]);
    started[0]!.fail(new Error('a failed'));
    await assert.rejects(calls[0]!, /a failed/);
    assert.deepEqual([names(), flight.queued], [['a', 'b'], 1]);
    started[1]!.end('b');
    assert.equal(await calls[1], 'b');
    started[2]!.end('c');
    assert.equal(await calls[2], 'c');
    assert.equal(flight.queued, 0);
  });

  it('refuses calls beyond its limit and takes them again when there is room', async () => {
    const { started, task } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'queue', maxQueued: 1, system: 'huawei' });
    const calls = [flight.run(task('a')), flight.run(task('b'))];
    await assert.rejects(flight.run(task('c')), {
      ...code('QUEUE_FULL'),
      system: 'huawei',
      message: /\b1 calls/,
    });
    started[0]!.end('a');
    assert.equal(await calls[0], 'a');
    const last = flight.run(task('d'));
    started[1]!.end('b');
    await calls[1];
    started[2]!.end('d');
    assert.equal(await last, 'd');
  });

  it('holds ten calls when nothing is said', async () => {
    const { task } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'queue' });
    const calls = Array.from({ length: 12 }, () =>
      flight.run(task('')).catch((error: Error) => error.message),
    );
    assert.match(await calls[11]!, /10 calls/);
    assert.equal(flight.queued, 10);
  });

  it('forgets a waiting call whose caller leaves', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'queue' });
    const controller = new AbortController();
    const first = flight.run(task('a'));
    const gone = flight.run(task('b'), { signal: controller.signal });
    const last = flight.run(task('c'));
    controller.abort();
    await assert.rejects(gone, code('CLOSED'));
    started[0]!.end('a');
    await first;
    started[1]!.end('c');
    assert.equal(await last, 'c');
    assert.deepEqual(names(), ['a', 'c']);
  });
});

describe('single flight: reject', () => {
  it('refuses while a call runs, and no longer when its caller knows the result', async () => {
    const { started, task } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'reject' });
    const first = flight.run(task('a'));
    await assert.rejects(flight.run(task('b')), { ...code('DEVICE_BUSY'), retryable: true });
    const again = first.then(() => flight.run(task('c')));
    started[0]!.end('a');
    await settled();
    started[1]!.end('c');
    assert.equal(await again, 'c');
  });
});

describe('single flight: ends', () => {
  it('turns a task that throws at once into a failure', async () => {
    const flight = new SingleFlight<string>();
    const thrower = () => {
      throw new Error('at once');
    };
    await assert.rejects(flight.run(thrower), /at once/);
    await assert.rejects(flight.run(thrower), /at once/);
  });

  it('does not start a task for a caller that has left before', async () => {
    const { task, names } = tasks();
    const flight = new SingleFlight<string>();
    await assert.rejects(flight.run(task('a'), { signal: AbortSignal.abort() }), code('CLOSED'));
    assert.deepEqual(names(), []);
  });

  it('closes: aborts what runs, refuses what waits and what comes, and ends when the task has ended', async () => {
    const { started, task, names } = tasks();
    const flight = new SingleFlight<string>({ whenBusy: 'queue', system: 'huawei' });
    const calls = [flight.run(task('a')), flight.run(task('b'))];
    let closed = false;
    const closing = flight.close().then(() => (closed = true));
    for (const call of calls) await assert.rejects(call, { ...code('CLOSED'), system: 'huawei' });
    await assert.rejects(flight.run(task('c')), code('CLOSED'));
    assert.equal(started[0]!.signal.aborted, true);
    await settled();
    assert.equal(closed, false);
    started[0]!.fail(new Error('aborted'));
    await closing;
    assert.deepEqual(names(), ['a']);
  });
});
