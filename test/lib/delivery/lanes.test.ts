import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { laneKey, Lanes, type DeliveryState, type LanesOptions } from '../../../lib/delivery';
import { SnapflowError } from '../../../lib/errors';
import { FakeClock, turn } from '../../support/fake-clock';
import { failure, follow, Sending } from './sending';

type Rule = ConstructorParameters<typeof Sending>[1];

function setUp(options: Partial<LanesOptions<string, string>> = {}, rule?: Rule) {
  const clock = new FakeClock();
  const sending = new Sending(clock, rule);
  const retry = { firstMs: 1_000, maxMs: 60_000, jitter: 0 };
  const lanes = new Lanes<string, string>({ send: sending.send, clock, retry, ...options });
  return { clock, sending, lanes };
}

const ok: Rule = (item) => `stored ${item}`;

describe('lanes: order and pace', () => {
  it('sends at once when idle, and tells how it went', async () => {
    const { clock, sending, lanes } = setUp();
    const outcome = follow(lanes.add('a', 'a1', 10));
    await turn();
    assert.equal(sending.starts.length, 1);
    await clock.advance(250);
    sending.last.succeed();
    await turn();
    assert.deepEqual(outcome.value, { result: 'stored a1', attempts: 1, waitedMs: 0, tookMs: 250 });
  });

  it('TC-1 keeps 10 s between what reaches the platform for one device, however long a send takes', async () => {
    const { clock, sending, lanes } = setUp({ paceMs: 10_000 });
    const outcomes = ['a1', 'a2', 'a3', 'a4', 'a5'].map((item) => follow(lanes.add('a', item, 1)));
    await clock.advance(400);
    sending.last.succeed();
    await clock.advance(9_999);
    assert.equal(sending.log, 'a1@0', 'over a new connection it may have come late');
    await clock.advance(1);
    assert.equal(sending.log, 'a1@0 a2@10400');
    await clock.advance(400);
    sending.last.succeed();
    await clock.advance(9_600);
    assert.equal(sending.log, 'a1@0 a2@10400 a3@20400', 'as fast as the one before: no later');
    await clock.advance(12_500);
    assert.equal(sending.log, 'a1@0 a2@10400 a3@20400', 'never two at once in a lane');
    sending.last.succeed();
    await turn();
    assert.equal(sending.log, 'a1@0 a2@10400 a3@20400 a4@32900', 'the pace has passed: at once');
    await clock.advance(5_000);
    sending.last.succeed();
    await clock.advance(6_000);
    assert.equal(sending.log, 'a1@0 a2@10400 a3@20400 a4@32900 a5@43900', 'a second late at most');
    sending.last.succeed();
    await turn();
    assert.deepEqual(
      outcomes.map(({ value }) => value?.waitedMs),
      [0, 10_400, 20_400, 32_900, 43_900],
    );
  });

  it('sends for several devices side by side, as many as allowed, each in its turn', async () => {
    const { sending, lanes } = setUp({ maxConcurrentLanes: 2 });
    for (const lane of ['a', 'b', 'c']) for (const n of [1, 2]) follow(lanes.add(lane, `${lane}${n}`, 1));
    await turn();
    assert.equal(sending.log, 'a1@0 b1@0');
    sending.starts[1]?.succeed();
    await turn();
    assert.equal(sending.log, 'a1@0 b1@0 c1@0', 'c waited longer than b');
    sending.starts[0]?.succeed();
    await turn();
    assert.equal(sending.last.item, 'b2');
    assert.equal(sending.mostRunning, 2);
    await lanes.close();
  });

  it('keeps the pace when somebody sets the clock', async () => {
    const { clock, sending, lanes } = setUp({ paceMs: 10_000 }, ok);
    void lanes.add('a', 'a1', 1);
    void lanes.add('a', 'a2', 1);
    await turn();
    clock.jump(-3_600_000);
    await clock.advance(9_999);
    assert.equal(sending.log, 'a1@0');
    clock.jump(7_200_000);
    await clock.advance(1);
    assert.equal(sending.log, 'a1@0 a2@10000');
  });

  it('needs one timer for a thousand devices and forgets them when their pace has passed', async () => {
    const { clock, lanes } = setUp({ paceMs: 10_000 }, ok);
    const all = Array.from({ length: 1_000 }, (_, n) => lanes.add(`device ${n}`, 'x', 1));
    await Promise.all(all);
    assert.equal(clock.timers, 1);
    assert.equal(lanes.laneCount, 1_000);
    await clock.advance(10_000);
    assert.equal(lanes.laneCount, 0);
    assert.equal(clock.timers, 0);
  });
});

describe('lanes: after a failure', () => {
  it('retry: again after growing pauses up to the longest, in order, and from the start after a success', async () => {
    const retry = { firstMs: 1_000, maxMs: 4_000, jitter: 0 };
    const down = (item: string, attempt: number) =>
      (item === 'a1' && attempt < 6) || (item === 'a2' && attempt < 2) ? failure('UNREACHABLE') : 'stored';
    const { clock, sending, lanes } = setUp({ retry }, down);
    const first = follow(lanes.add('a', 'a1', 1));
    const second = follow(lanes.add('a', 'a2', 1));
    await clock.advance(30_000);
    assert.equal(sending.log, 'a1@0 a1@1000 a1@3000 a1@7000 a1@11000 a1@15000 a2@15000 a2@16000');
    assert.deepEqual(first.value, { result: 'stored', attempts: 6, waitedMs: 15_000, tookMs: 0 });
    assert.equal(second.value?.attempts, 2);
  });

  it('retry: a final answer of the platform ends the trouble of a lane', async () => {
    const answers = ['UNREACHABLE', 'UNREACHABLE', 'UNSUPPORTED_FORMAT', 'UNREACHABLE', undefined] as const;
    const { clock, sending, lanes } = setUp({}, (_item) => {
      const code = answers[sending.starts.length - 1];
      return code ? failure(code) : 'stored';
    });
    follow(lanes.add('a', 'a1', 1));
    follow(lanes.add('a', 'a2', 1));
    await clock.advance(60_000);
    assert.equal(sending.log, 'a1@0 a1@1000 a1@3000 a2@3000 a2@4000');
  });

  it('retry: leaves a share of the pause to chance, and keeps the pace all the same', async () => {
    const chances = [0, 1];
    const { clock, sending, lanes } = setUp(
      {
        retry: { firstMs: 8_000, maxMs: 60_000, jitter: 0.5 },
        random: () => chances.shift() ?? 0,
        paceMs: 5_000,
      },
      () => failure('TIMEOUT'),
    );
    follow(lanes.add('a', 'a1', 1));
    await clock.advance(16_000);
    assert.equal(sending.log, 'a1@0 a1@8000 a1@16000', '8 s whole, then half of 16 s');
    await lanes.close();
  });

  it('wait: as the platform told, at least the pace, at most the longest wait', async () => {
    const told = [{ retryAfterMs: 30_000 }, { retryAfterMs: 3_000 }, { retryAfterMs: 9e9 }, {}];
    const { clock, sending, lanes } = setUp({ paceMs: 10_000, maxWaitMs: 60_000 }, (_, attempt) =>
      attempt <= told.length ? failure('RATE_LIMITED', told[attempt - 1]) : 'stored',
    );
    const outcome = follow(lanes.add('a', 'a1', 1));
    await clock.advance(200_000);
    assert.equal(sending.log, 'a1@0 a1@30000 a1@40000 a1@100000 a1@110000');
    assert.equal(outcome.value?.attempts, 5);
  });

  it('wait: without a pace and not told how long, the pauses grow', async () => {
    const { clock, sending, lanes } = setUp({}, (_, attempt) =>
      attempt < 4 ? failure('RATE_LIMITED') : 'stored',
    );
    void lanes.add('a', 'a1', 1);
    await clock.advance(60_000);
    assert.equal(sending.log, 'a1@0 a1@1000 a1@3000 a1@7000');
  });

  it('a server that is down may tell when to come back', async () => {
    const { clock, sending, lanes } = setUp({}, (_, attempt) =>
      attempt < 2 ? failure('PLATFORM_FAILED', { retryAfterMs: 20_000 }) : 'stored',
    );
    void lanes.add('a', 'a1', 1);
    await clock.advance(60_000);
    assert.equal(sending.log, 'a1@0 a1@20000');
  });

  it('resume ends the pause after a failure, but neither the pace nor a wait that the platform told', async () => {
    let answer = failure('UNREACHABLE');
    const { clock, sending, lanes } = setUp({ paceMs: 500 }, () => answer);
    void follow(lanes.add('a', 'a1', 1));
    await clock.advance(7_000);
    assert.equal(sending.log, 'a1@0 a1@1000 a1@3000 a1@7000');
    lanes.resume();
    await clock.advance(499);
    assert.equal(sending.starts.length, 4);
    answer = failure('RATE_LIMITED', { retryAfterMs: 5_000 });
    await clock.advance(1);
    assert.equal(sending.last.at, 7_500);
    lanes.resume();
    await clock.advance(4_999);
    assert.equal(sending.starts.length, 5);
    await clock.advance(1);
    assert.equal(sending.last.at, 12_500);
    await lanes.close();
  });

  it('hold: stops the lane alone, throws nothing away, and goes on when resumed', async () => {
    let rejected = true;
    const { clock, sending, lanes } = setUp({ paceMs: 10 }, (item) =>
      rejected && item.startsWith('a') ? failure('AUTH_REJECTED') : 'stored',
    );
    const held = ['a1', 'a2', 'a3'].map((item) => follow(lanes.add('a', item, 100)));
    const other = follow(lanes.add('b', 'b1', 1));
    await clock.advance(3_600_000);
    assert.equal(sending.log, 'a1@0 b1@0');
    assert.ok(other.value);
    const [lane] = lanes.state().held;
    assert.equal(lane?.lane, 'a');
    assert.equal(lane?.error.code, 'AUTH_REJECTED');
    assert.equal(lane?.waiting, 3);
    assert.equal(lane?.since, clock.now() - 3_600_000);
    assert.equal(lanes.state().nextStartAt, undefined);

    lanes.resume('b');
    await turn();
    assert.equal(sending.starts.length, 2);
    lanes.resume('a');
    await clock.advance(1_000);
    assert.equal(lanes.state().held.length, 1, 'still rejected: held again');
    assert.equal(sending.starts.length, 3);
    rejected = false;
    lanes.resume();
    await clock.advance(1_000);
    assert.deepEqual(
      held.map(({ value }) => value?.attempts),
      [3, 1, 1],
    );
    assert.deepEqual(lanes.state(), { waiting: 0, bytes: 0, sending: 0, held: [], retrying: 0 });
  });

  it('fix: makes the thing smaller and sends it once more', async () => {
    const { clock, sending, lanes } = setUp(
      { fix: (item, error) => Promise.resolve(`${item} smaller for ${error.code}`) },
      (item, attempt) =>
        attempt === 1 ? failure('TOO_LARGE') : attempt === 2 ? failure('UNREACHABLE') : `stored ${item}`,
    );
    const outcome = follow(lanes.add('a', 'a1', 1));
    await clock.advance(10_000);
    assert.equal(outcome.value?.result, 'stored a1 smaller for TOO_LARGE');
    assert.equal(sending.starts.length, 3);
  });

  it('fix: once only, and without a hook it is final', async () => {
    for (const fix of [(item: string) => Promise.resolve(item), undefined]) {
      const { clock, sending, lanes } = setUp({ fix }, (item) =>
        item === 'a1' ? failure('TOO_LARGE') : 'stored',
      );
      const large = follow(lanes.add('a', 'a1', 1));
      const next = follow(lanes.add('a', 'a2', 1));
      await clock.advance(10_000);
      assert.equal(large.code, 'TOO_LARGE');
      assert.equal(sending.starts.length, fix ? 3 : 2);
      assert.ok(next.value);
    }
  });

  it('fix: a hook that fails ends the thing, whatever class its error has', async () => {
    const { clock, lanes } = setUp({ fix: () => Promise.reject(failure('UNREACHABLE')) }, (item) =>
      item === 'a1' ? failure('TOO_LARGE') : 'stored',
    );
    const large = follow(lanes.add('a', 'a1', 1));
    const next = follow(lanes.add('a', 'a2', 1));
    await clock.advance(10_000);
    assert.equal(large.code, 'UNREACHABLE');
    assert.ok(next.value);
  });

  it('refuse and done-but: end that one thing at the first attempt, the lane goes on', async () => {
    for (const code of ['UNSUPPORTED_FORMAT', 'PARTLY_DONE'] as const) {
      const { clock, sending, lanes } = setUp({}, (item) => (item === 'a1' ? failure(code) : 'stored'));
      const ended = follow(lanes.add('a', 'a1', 1));
      const next = follow(lanes.add('a', 'a2', 1));
      await clock.advance(3_600_000);
      assert.equal(ended.code, code);
      assert.ok(next.value);
      assert.equal(sending.starts.length, 2);
      assert.equal(lanes.state().retrying, 0);
    }
  });

  it('a class of the caller goes before ours', async () => {
    const { clock, lanes } = setUp({ classify: () => 'refuse' }, () => failure('UNREACHABLE'));
    const outcome = follow(lanes.add('a', 'a1', 1));
    await clock.advance(0);
    assert.equal(outcome.code, 'UNREACHABLE');
  });

  it('what is thrown and none of ours ends the thing and keeps its cause', async () => {
    const { sending, lanes } = setUp();
    const outcome = follow(lanes.add('a', 'a1', 1));
    await turn();
    const thrown = new TypeError('x is not a function');
    sending.last.throw(thrown);
    await turn();
    assert.ok(outcome.error instanceof SnapflowError);
    assert.equal(outcome.error.cause, thrown);
  });

  it('gives up after so many attempts, with the last failure', async () => {
    const { clock, sending, lanes } = setUp({ maxAttempts: 3 }, () => failure('TIMEOUT'));
    const outcome = follow(lanes.add('a', 'a1', 1));
    await clock.advance(60_000);
    assert.equal(outcome.code, 'TIMEOUT');
    assert.equal(sending.starts.length, 3);
  });

  it('gives up what is too old, in a lane that retries and in one that is held', async () => {
    for (const code of ['UNREACHABLE', 'AUTH_REJECTED'] as const) {
      const { clock, lanes } = setUp({ maxAgeMs: 90_000 }, () => failure(code));
      const old = follow(lanes.add('a', 'a1', 1));
      await clock.advance(60_000);
      const young = follow(lanes.add('a', 'a2', 1));
      await clock.advance(29_999);
      assert.equal(old.code, undefined);
      await clock.advance(1);
      assert.equal(old.code, 'TIMEOUT');
      const { cause } = old.error as SnapflowError;
      assert.equal((cause as SnapflowError).code, code, 'why it did not get away');
      assert.equal(young.error, undefined);
      await lanes.close();
    }
  });
});

describe('lanes: a lane that comes back', () => {
  it('is not forgotten for the sake of one of the same name before it', async () => {
    let held = true;
    const { clock, sending, lanes } = setUp({ paceMs: 10_000, maxAgeMs: 100_000 }, () =>
      held ? failure('AUTH_REJECTED') : 'stored',
    );
    follow(lanes.add('a', 'a1', 1));
    await clock.advance(1_000);
    held = false;
    lanes.resume();
    await clock.advance(30_000);
    assert.equal(lanes.laneCount, 0);
    await clock.advance(64_000);
    follow(lanes.add('a', 'a2', 1));
    follow(lanes.add('a', 'a3', 1));
    await clock.advance(6_000);
    assert.equal(lanes.state().waiting, 1, 'the expiry of a1 would have been now');
    await clock.advance(10_000);
    assert.equal(sending.log, 'a1@0 a1@10000 a2@95000 a3@105000');
  });
});

describe('lanes: bounds', () => {
  it('refuses what is over the count or the bytes, keeps what waits, and takes again when there is room', async () => {
    const { sending, lanes } = setUp({ maxItems: 2, maxBytes: 1_000 });
    const first = follow(lanes.add('a', 'a1', 600));
    await assert.rejects(lanes.add('b', 'b1', 401), {
      code: 'QUEUE_FULL',
      retryable: true,
      message: /600 bytes/,
    });
    const second = follow(lanes.add('b', 'b2', 400));
    await assert.rejects(lanes.add('c', 'c1', 0), { code: 'QUEUE_FULL', message: /2 are waiting/ });
    assert.equal(lanes.state().bytes, 1_000);
    await turn();
    sending.starts.forEach((start) => start.succeed());
    await turn();
    assert.ok(first.value && second.value);
    const third = follow(lanes.add('a', 'a3', 1_000));
    await turn();
    sending.last.succeed();
    await turn();
    assert.ok(third.value);
  });

  it('says of a thing that can never fit that it is too large', async () => {
    const { lanes } = setUp({ maxBytes: 1_000 });
    await assert.rejects(lanes.add('a', 'a1', 1_001), { code: 'TOO_LARGE', retryable: false });
  });

  it('holds 1 000 things and 256 MiB by default', async () => {
    const { lanes } = setUp();
    const all = Array.from({ length: 1_000 }, () => follow(lanes.add('a', 'x', 1)));
    await assert.rejects(lanes.add('a', 'x', 1), { code: 'QUEUE_FULL' });
    await lanes.close();
    assert.ok(all.every(({ code }) => code === 'CLOSED'));
    await assert.rejects(setUp().lanes.add('a', 'x', 268_435_457), { code: 'TOO_LARGE' });
  });

  it('refuses options that are no sense', () => {
    for (const options of [
      { paceMs: -1 },
      { paceMs: NaN },
      { maxConcurrentLanes: 0 },
      { maxItems: 0 },
      { maxBytes: NaN },
      { retry: { jitter: 1.5 } },
      { retry: { firstMs: 0 } },
    ]) {
      assert.throws(() => setUp(options), { code: 'BAD_INPUT' }, JSON.stringify(options));
    }
    assert.doesNotThrow(() => setUp({ paceMs: undefined, retry: { maxMs: undefined } }));
  });
});

describe('lanes: close', () => {
  it('tells CLOSED to each that waits and aborts what is being sent; no timer is left', async () => {
    const { clock, sending, lanes } = setUp({ paceMs: 10_000 });
    const outcomes = ['a1', 'a2', 'b1', 'b2'].map((item) => follow(lanes.add(item.slice(0, 1), item, 1)));
    await turn();
    await lanes.close();
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      ['CLOSED', 'CLOSED', 'CLOSED', 'CLOSED'],
    );
    assert.equal(sending.starts.length, 2);
    assert.ok(sending.starts.every(({ signal }) => signal.aborted));
    assert.equal(clock.timers, 0);
    assert.deepEqual(lanes.state(), { waiting: 0, bytes: 0, sending: 0, held: [], retrying: 0 });
    await assert.rejects(lanes.add('a', 'a3', 1), { code: 'CLOSED' });
    await lanes.close();
  });

  it('closes held and pausing lanes too', async () => {
    const { clock, lanes } = setUp({ paceMs: 10_000 }, (item) =>
      failure(item === 'a1' ? 'AUTH_REJECTED' : 'UNREACHABLE'),
    );
    const outcomes = ['a1', 'b1'].map((item) => follow(lanes.add(item, item, 1)));
    await clock.advance(1);
    await lanes.close();
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      ['CLOSED', 'CLOSED'],
    );
    assert.equal(clock.timers, 0);
  });

  it('lets a running send end in the time it is given', async () => {
    const { clock, sending, lanes } = setUp({ drainMs: 5_000 });
    const outcome = follow(lanes.add('a', 'a1', 1));
    await turn();
    const closed = follow(lanes.close().then(() => 'closed'));
    await clock.advance(4_000);
    assert.equal(closed.value, undefined);
    sending.last.succeed();
    await turn();
    assert.equal(closed.value, 'closed');
    assert.ok(outcome.value);
    assert.equal(clock.timers, 0);
  });

  it('tells what the platform decided while it closed', async () => {
    for (const code of ['PARTLY_DONE', 'UNSUPPORTED_FORMAT', 'TIMEOUT'] as const) {
      const { sending, lanes } = setUp({ drainMs: 5_000 });
      const outcome = follow(lanes.add('a', 'a1', 1));
      await turn();
      const closed = lanes.close();
      sending.last.fail(code);
      await closed;
      assert.equal(outcome.code, code === 'TIMEOUT' ? 'CLOSED' : code);
    }
  });

  it('does not wait for a send that ignores the signal, and hears nothing of it later', async () => {
    const clock = new FakeClock();
    let end = (_result: string): void => undefined;
    const lanes = new Lanes<string, string>({
      send: () => new Promise((resolve) => (end = resolve)),
      clock,
      abortGraceMs: 1_000,
    });
    const outcome = follow(lanes.add('a', 'a1', 1));
    await turn();
    const closed = follow(lanes.close().then(() => 'closed'));
    await clock.advance(999);
    assert.equal(closed.value, undefined);
    await clock.advance(1);
    assert.equal(closed.value, 'closed');
    assert.equal(outcome.code, 'CLOSED');
    end('late');
    await turn();
    assert.equal(outcome.value, undefined);
    assert.equal(clock.timers, 0);
  });
});

describe('lanes: state', () => {
  it('tells what waits, sends, retries and starts next', async () => {
    const { clock, lanes } = setUp({ paceMs: 10_000 }, (item) =>
      item === 'b1' ? failure('UNREACHABLE') : item === 'c1' ? undefined : 'stored',
    );
    for (const item of ['a1', 'a2', 'b1', 'c1']) follow(lanes.add(item.slice(0, 1), item, 100));
    await clock.advance(1);
    const { trouble, nextStartAt, ...numbers } = lanes.state();
    assert.deepEqual(numbers, { waiting: 3, bytes: 300, sending: 1, held: [], retrying: 1 });
    assert.equal(trouble?.code, 'UNREACHABLE');
    assert.equal(nextStartAt, clock.now() + 9_999);
    await lanes.close();
  });

  it('announces changes once a turn, the last state at the end', async () => {
    const states: DeliveryState[] = [];
    const { clock, lanes } = setUp({ onState: (state) => states.push(state) }, ok);
    for (let n = 0; n < 100; n += 1) void lanes.add('a', 'x', 1);
    assert.equal(states.length, 0);
    await clock.advance(0);
    await turn();
    assert.ok(states.length >= 1 && states.length <= 3, `${states.length} announcements`);
    assert.equal(states.at(-1)?.waiting, 0);
  });

  it('names a lane that belongs to a secret without telling it', () => {
    const key = laneKey('token-of-a-device');
    assert.match(key, /^[0-9a-f]{20}$/);
    assert.equal(laneKey('token-of-a-device'), key);
    assert.notEqual(laneKey('token-of-a-devicf'), key);
  });
});
