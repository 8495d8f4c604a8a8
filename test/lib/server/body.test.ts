import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as call, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { BodyReader } from '../../../lib/server/body';
import { DEFAULT_LIMITS } from '../../../lib/lenfocus/limits';
import { FakeClock } from '../../support/fake-clock';

const KiB = 1024;
const MiB = 1024 * KiB;

describe('bodies', () => {
  it('LF-2.1 one that we make wait for its turn is not given up as silent', async () => {
    const { clock, reader } = setting();
    let waited = 0;
    const told = await posted(Buffer.alloc(3 * MiB), (request) => {
      const whole = reader.read(request);
      request.on('data', () => {
        if (!request.isPaused()) return;
        waited++;
        reader.sweep(clock.monotonic() + DEFAULT_LIMITS.bodyStallMs);
      });
      return whole.then(({ bytes }) => bytes.length);
    });
    assert.ok(waited > 0, 'it had to wait');
    assert.equal(told, 3 * MiB);
  });

  for (const size of [20 * KiB, 3 * MiB]) {
    it(`LF-2.1 the memory of one of ${size} bytes is given back when it is freed, not when it is released`, async () => {
      const { reader } = setting();
      const sent = Buffer.alloc(size, 'abc');
      const body = await posted(sent, (request) => reader.read(request));
      assert.equal(reader.bytesInFlight, size);
      body.release();
      assert.equal(reader.bytesInFlight, 0);
      assert.ok(body.bytes.equals(sent));
      body.free();
      assert.equal(reader.bytesInFlight, 0);
      assert.equal(body.bytes.length, 0);
    });

    it(`LF-2.1 what somebody else saw of one of ${size} bytes stays theirs`, async () => {
      const { reader } = setting();
      const sent = Buffer.alloc(size, 'abc');
      const seen: Buffer[] = [];
      const body = await posted(sent, (request) => {
        request.on('data', (chunk: Buffer) => seen.push(chunk));
        return reader.read(request);
      });
      body.free();
      assert.ok(Buffer.concat(seen).equals(sent));
    });
  }
});

function setting(): { clock: FakeClock; reader: BodyReader } {
  const clock = new FakeClock();
  const events = { notify: (): void => undefined };
  return { clock, reader: new BodyReader({ system: 'lenfocus', clock, limits: DEFAULT_LIMITS, events }) };
}

/** What a server made of a body that was posted to it. */
async function posted<T>(body: Buffer, take: (request: IncomingMessage) => Promise<T>): Promise<T> {
  let taken: Promise<T> | undefined;
  const server = createServer((request, response) => {
    taken = take(request).finally(() => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await once(call({ port, host: '127.0.0.1', method: 'POST' }).end(body), 'response');
    assert.ok(taken);
    return await taken;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
