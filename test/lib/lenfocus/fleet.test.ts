import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { SimulatedLenfocusFleet } from '../../../lib/simulators/lenfocus-camera';
import { turn } from '../../support/fake-clock';
import { jpeg, startServer } from './support/setting';

const COUNT = 200;
const KILLS = 25;

describe('a fleet', () => {
  it(
    '200 cameras that sign, report and obey, one killed after the other: all are back, nothing is lost or mixed up',
    { timeout: 120_000 },
    async (t) => {
      const setting = await startServer(t, { check: 'signature', securityCode: 'SIMULATE', heartbeatS: 5 });
      const { errors, heard, next, server, url } = setting;
      const fleet = new SimulatedLenfocusFleet({
        server: url,
        count: COUNT,
        retryMs: 20,
        takePicture: () => jpeg(),
      });
      t.after(() => fleet.stop());
      const [first] = fleet.cameras;
      assert.ok(first);
      server.setDevices(
        fleet.cameras.map(({ identity }) => ({ sn: identity.sn, publicKey: identity.publicKey })),
      );
      const reports = heard('report');
      await fleet.start();
      await fleet.allOnline();
      assert.equal(server.state().online, COUNT);

      for (let kill = 0; kill < KILLS; kill++) {
        const camera = fleet.cameras[(kill * 37) % COUNT];
        const witness = fleet.cameras[(kill * 37 + 1) % COUNT];
        assert.ok(camera && witness);
        const [gone, offline] = [next('disconnect'), once(camera, 'offline')];
        const command = server.command(camera.identity.sn, 'clearPersons', {}, { waitMs: 60_000 });
        camera.kill();
        await Promise.all([gone, offline]);
        const outcome = await command.then(
          () => 'done',
          (error: { code: string }) => error.code,
        );
        assert.ok(['done', 'DEVICE_OFFLINE'].includes(outcome), outcome);
        // Those beside it notice nothing.
        assert.equal((await witness.pushFace()).status, 200);
        const { device } = await server.command(witness.identity.sn, 'clearPersons', {});
        assert.equal(device.sn, witness.identity.sn);
      }
      // A signature is good once: a camera killed within a second of connecting is let in a second later.
      while (server.state().online < COUNT || fleet.online < COUNT) await turn();

      assert.deepEqual(errors, []);
      assert.equal(reports.length, KILLS);
      for (const { device, pictures } of reports) {
        assert.ok(pictures.every(({ info }) => info.source.device === device.sn));
      }
      const { connects } = server.state().counters;
      assert.ok(connects >= COUNT + KILLS, String(connects));
    },
  );
});
