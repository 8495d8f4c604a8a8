/** A fleet from the palette, and what may happen to its server. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import { freePorts } from '../../support/node-red';
import { Bench, COMMAND, EVENTS } from './bench';

const COUNT = 30;

describe('a fleet of simulated Lenfocus cameras', () => {
  let bench: Bench;
  let port: number;
  beforeEach(async () => {
    bench = new Bench();
    port = (await freePorts('fleet'))['fleet'] ?? 0;
  });
  afterEach(() => bench.stop());

  const fleet = () => ({
    ...{ id: 'fleet', type: 'snapflow-simulator', kind: 'lenfocus-camera', cameras: COUNT, wires: [[]] },
    server: `http://127.0.0.1:${port}`,
  });
  const online = async (count: number): Promise<void> => {
    const { server } = bench.serverNode;
    while (server.state().online !== count)
      await Promise.race(['connect', 'disconnect'].map((event) => once(server, event as 'connect')));
  };

  it('comes online whole, obeys camera by camera, goes when the plug is pulled, and comes back', async () => {
    const ask = { ...COMMAND, device: 'sn', deviceType: 'msg', operation: 'reboot' };
    const red = await bench.start(
      { port, check: 'open' },
      [EVENTS, { ...ask, id: 'c', wires: [['out']] }, fleet()],
      {},
      [simulatorModule],
    );
    await online(COUNT);
    red.send('c', { sn: 'SIM000000000017' });
    const { device } = (await red.inbox('out').next())['command'] as { device: { sn: string } };
    assert.equal(device.sn, 'SIM000000000017');
    red.send('fleet', { payload: 'off' });
    await online(0);
    red.send('c', { sn: 'SIM000000000017' });
    assert.equal((await bench.caught()).code, 'DEVICE_OFFLINE');
    red.send('fleet', { payload: '' });
    await online(COUNT);
  });

  it('stays online while garbage is sent to the port', async () => {
    await bench.start({ port, check: 'open' }, [EVENTS, fleet()], {}, [simulatorModule]);
    await online(COUNT);
    for (const start of [
      '',
      'GET / HTTP/1.1\r\n',
      'POST /api/v1/device/report/event HTTP/1.1\r\nContent-Length: 99\r\n\r\n{',
    ]) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(Buffer.concat([Buffer.from(start), randomBytes(2_000)]));
      socket.resume();
      await once(socket, 'close');
    }
    assert.equal(bench.serverNode.server.state().online, COUNT);
  });
});
