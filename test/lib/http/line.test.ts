import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { Wire, type LineUser } from '../../../lib/http/line';

const target = { protocol: 'http:', hostname: '192.0.2.1', port: '80' };

/** Lets a wire connect to a socket that is connected to nothing. */
function connect(wire: Wire): Socket {
  const socket = new Socket();
  socket.on('error', () => undefined);
  wire.watch((_target, done) => done(null, socket))(target, () => undefined);
  return socket;
}

describe('line', () => {
  it('knows whether its present connection has carried a request before', () => {
    const wire = new Wire();
    const user: LineUser = { line: wire };
    connect(wire);
    assert.deepEqual([wire.take(user), wire.take(user), wire.take(user)], [false, true, true]);
    connect(wire);
    assert.deepEqual([wire.take(user), wire.take(user)], [false, true]);
  });

  it('is cut by its present user alone', () => {
    const wire = new Wire();
    const earlier: LineUser = { line: wire };
    const present: LineUser = { line: wire };
    const socket = connect(wire);
    wire.take(earlier);
    wire.take(present);
    wire.cut(earlier, new Error('late'));
    assert.equal(socket.destroyed, false);
    wire.cut(present, new Error('now'));
    assert.equal(socket.destroyed, true);
  });

  it('has nothing to send and nothing to cut before it is connected', () => {
    const wire = new Wire();
    wire.cut({ line: wire }, new Error('early'));
    assert.equal(wire.unsentBytes, 0);
  });
});
