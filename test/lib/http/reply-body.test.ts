import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReplyBody } from '../../../lib/http/reply-body';

function watched() {
  const calls: string[] = [];
  const note = (name: string) => () => void calls.push(name);
  return {
    calls,
    body: new ReplyBody({ pause: note('pause'), resume: note('resume'), cancel: note('cancel') }),
  };
}

const chunk = Buffer.alloc(65_536, 'c');

describe('reply body', () => {
  it('pauses the connection while nobody reads, and resumes it for the reader', async () => {
    const { calls, body } = watched();
    for (let count = 0; count < 4; count += 1) body.push(chunk);
    assert.deepEqual(calls, []);
    body.push(chunk);
    body.push(chunk);
    assert.deepEqual(calls, ['pause']);
    const reader = body[Symbol.asyncIterator]();
    for (let count = 0; count < 6; count += 1) assert.equal((await reader.next()).value, chunk);
    const next = reader.next();
    await Promise.resolve();
    assert.deepEqual(calls, ['pause', 'resume']);
    body.push(Buffer.from('last'));
    assert.equal(String((await next).value), 'last');
    body.end();
    assert.equal((await reader.next()).done, true);
    assert.deepEqual(calls, ['pause', 'resume']);
  });

  it('goes on when resuming brings so much at once that it pauses again', async () => {
    const held = Array.from({ length: 20 }, () => chunk);
    let paused = false;
    const send = () => {
      while (!paused && held.length > 0) body.push(held.pop() ?? chunk);
      if (held.length === 0) body.end();
    };
    const body: ReplyBody = new ReplyBody({
      pause: () => (paused = true),
      resume: () => {
        paused = false;
        send();
      },
      cancel: () => undefined,
    });
    send();
    assert.equal((await body.collect()).length, 20 * chunk.length);
  });

  it('gives out what has come before it fails', async () => {
    const { body } = watched();
    body.push(Buffer.from('a'));
    body.fail(new Error('cut'));
    const got: string[] = [];
    await assert.rejects(async () => {
      for await (const part of body) got.push(String(part));
    }, /cut/);
    assert.deepEqual(got, ['a']);
  });

  it('cancels the rest when its reader leaves, and only then', async () => {
    const { calls, body } = watched();
    body.push(chunk);
    for await (const part of body) {
      assert.equal(part, chunk);
      break;
    }
    assert.deepEqual(calls, ['cancel']);
  });

  it('discards without an error, up to 64 KiB', async () => {
    const failing = watched();
    failing.body.fail(new Error('cut'));
    await failing.body.discard();
    const short = watched();
    short.body.push(chunk);
    short.body.end();
    await short.body.discard();
    assert.deepEqual(short.calls, []);
    const long = watched();
    long.body.push(chunk);
    long.body.push(chunk);
    await long.body.discard();
    assert.deepEqual(long.calls, ['cancel']);
  });
});
