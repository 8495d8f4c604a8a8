import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as call, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { BodyReader, type WholeBody } from '../../../lib/server/body';
import { DEFAULT_LIMITS } from '../../../lib/lenfocus/limits';
import { FakeClock } from '../../support/fake-clock';

const MiB = 1024 * 1024;

describe('bodies', () => {
  it('LF-2.1 one that we make wait for its turn is not given up as silent', async () => {
    const clock = new FakeClock();
    const reader = new BodyReader({
      system: 'lenfocus',
      clock,
      limits: DEFAULT_LIMITS,
      events: { notify: () => undefined },
    });
    let waited = 0;
    const server = createServer((request, response) => {
      const whole = reader.read(request);
      request.on('data', () => {
        if (!request.isPaused()) return;
        waited++;
        reader.sweep(clock.monotonic() + DEFAULT_LIMITS.bodyStallMs);
      });
      whole.then(
        ({ bytes }: WholeBody) => response.end(String(bytes.length)),
        (error: Error) => response.end(error.message),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const post = call({ port, host: '127.0.0.1', method: 'POST' }).end(Buffer.alloc(3 * MiB));
      const [answer] = (await once(post, 'response')) as [IncomingMessage];
      const told = (await answer.setEncoding('utf8').toArray()).join('');
      assert.ok(waited > 0, 'it had to wait');
      assert.equal(told, String(3 * MiB));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
