import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { InFlight, type IncomingBody } from '../../../lib/server/in-flight';

class Body implements IncomingBody {
  size = 0;
  paused = false;
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}

function receive(inFlight: InFlight, body: Body, bytes: number): void {
  body.size += bytes;
  inFlight.received(body, bytes);
}

describe('bytes in flight', () => {
  it('all but the furthest wait over the limit, and go on when there is room', () => {
    const inFlight = new InFlight(100);
    const [far, near] = [new Body(), new Body()];
    for (const body of [far, near]) inFlight.begin(body);
    receive(inFlight, far, 70);
    receive(inFlight, near, 20);
    assert.deepEqual([far.paused, near.paused], [false, false]);
    receive(inFlight, near, 30);
    assert.deepEqual([far.paused, near.paused], [false, true]);
    receive(inFlight, far, 50);
    assert.equal(far.paused, false, 'the furthest goes on to its end');
    inFlight.end(far);
    assert.equal(near.paused, false, 'now it is the furthest');
    receive(inFlight, near, 10);
    assert.equal(near.paused, false);
    inFlight.release(far.size);
    inFlight.end(near);
    inFlight.release(near.size);
    assert.equal(inFlight.isOverloaded, false);
  });

  it('is overloaded when what is whole fills the room twice', () => {
    const inFlight = new InFlight(100);
    const body = new Body();
    inFlight.begin(body);
    receive(inFlight, body, 201);
    inFlight.end(body);
    assert.equal(inFlight.isOverloaded, true);
    inFlight.release(201);
    assert.equal(inFlight.isOverloaded, false);
  });

  it('whatever comes in whatever order, somebody can go on, and in the end nothing is held', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
        fc.integer(),
        (sizes, seed) => {
          const inFlight = new InFlight(150);
          const bodies = sizes.map((wanted) => Object.assign(new Body(), { wanted }));
          for (const body of bodies) inFlight.begin(body);
          let open = [...bodies];
          let turn = Math.abs(seed);
          while (open.length > 0) {
            const ready = open.filter((body) => !body.paused);
            assert.notEqual(ready.length, 0, 'all wait');
            const body = ready[turn++ % ready.length];
            assert.ok(body);
            receive(inFlight, body, Math.min(40, body.wanted - body.size));
            if (body.size < body.wanted) continue;
            open = open.filter((other) => other !== body);
            inFlight.end(body);
            inFlight.release(body.size);
          }
          assert.equal(inFlight.isOverloaded, false);
          const fresh = new Body();
          inFlight.begin(fresh);
          receive(inFlight, fresh, 150);
          assert.equal(fresh.paused, false, 'nothing is held');
        },
      ),
    );
  });
});
