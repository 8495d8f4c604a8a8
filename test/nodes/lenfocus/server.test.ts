import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import type { ServerNode } from '../../../nodes/lenfocus/server';
import type { Red } from '../../../nodes/shared/red';
import type { NodeModule } from '../support/runtime';
import { openResources } from '../support/resources';
import { Bench, COMMAND, EVENTS, flowOf, rows, SN } from './bench';

const tlsModule = require('@node-red/nodes/core/network/05-tls.js') as NodeModule;

/** Who is refused is not kept waiting for long, and dials in again. */
const IMPATIENT = { devices: '', limits: '{"provisionMs": 200, "strangerTimeoutMs": 200}' };

describe('lenfocus-server', () => {
  let bench: Bench;
  let folder: string;
  beforeEach(() => {
    bench = new Bench();
    folder = mkdtempSync(join(tmpdir(), 'snapflow-lenfocus-'));
  });
  afterEach(async () => {
    await bench.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Gives the runtime a user directory. */
  const atHome = (RED: Red): void => {
    RED.settings['userDir'] = folder;
  };

  const joined = async (): Promise<string | undefined> => {
    const msg = await bench.red.inbox('else').until(({ kind }) => kind === 'join' || kind === 'connect');
    return (msg.payload as { refusal?: string }).refusal;
  };

  it('LF-1.1 checks signatures with the common key and the code of the device, kept as a credential', async () => {
    const model = await new Bench().camera({ server: 'http://127.0.0.1:9' });
    const { privateKey } = model.identity;
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const deviceSecrets = JSON.stringify({ [SN]: { securityCode: '12345678' } });
    await bench.start({ check: 'signature', publicKey, devices: rows({ sn: SN.toLowerCase() }) }, [EVENTS], {
      server: { deviceSecrets },
    });
    const wrong = await bench.camera({ privateKey, securityCode: '87654321' });
    await wrong.start();
    assert.equal(await joined(), 'signature');
    await wrong.stop();
    await bench.online({ privateKey, securityCode: '12345678' });
    assert.equal(await joined(), undefined);
  });

  it('takes the security code of all devices from the environment', async () => {
    const model = await new Bench().camera({ server: 'http://127.0.0.1:9' });
    const { privateKey } = model.identity;
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    process.env['SNAPFLOW_TEST_CODE'] = '12345678';
    try {
      await bench.start({
        ...{ check: 'signature', publicKey, securityCodeType: 'env' },
        securityCodeFrom: 'SNAPFLOW_TEST_CODE',
      });
      await bench.online({ privateKey, securityCode: '12345678' });
    } finally {
      delete process.env['SNAPFLOW_TEST_CODE'];
    }
  });

  it('lets in whom a file names, as soon as it does', async () => {
    const deviceFile = join(folder, 'devices.csv');
    await bench.start({ deviceSource: 'file', deviceFile, ...IMPATIENT }, [EVENTS]);
    const camera = await bench.camera();
    const online = once(camera, 'online');
    await camera.start();
    assert.equal(await joined(), 'unknown');
    writeFileSync(deviceFile, `sn,name\n${SN},Gate\n`);
    await online;
    assert.equal(bench.serverNode.server.devices()[0]?.name, 'Gate');
  });

  it('lets in whom the flow names in the global context', async () => {
    const naming = (RED: Red): void => {
      RED.nodes.registerType('naming', function (this, config) {
        RED.nodes.createNode(this, config);
        type Context = { global: { set(name: string, value: unknown): void } };
        (this as unknown as { context(): Context })
          .context()
          .global.set('cameras', [{ sn: SN, name: 'Yard' }]);
      });
    };
    const named = { id: 'naming', type: 'naming', wires: [] };
    await bench.start({ deviceSource: 'context', deviceContext: 'cameras', ...IMPATIENT }, [named], {}, [
      naming,
    ]);
    await bench.online();
    assert.equal(bench.serverNode.server.devices()[0]?.name, 'Yard');
  });

  it('keeps admissions across restarts, without secrets', async () => {
    await bench.start({ devices: '' }, [], {}, [atHome]);
    const camera = await bench.camera();
    const refused = once(camera, 'refused');
    await camera.start();
    await refused;
    const asked = { server: 'server' };
    const { body } = await bench.red.post('/snapflow/lenfocus/joins', asked);
    assert.equal((body['requests'] as Array<{ sn: string }>)[0]?.sn, SN);
    const online = once(camera, 'online');
    const admission = { ...asked, sn: SN, name: 'Door', securityCode: 'SIMULATE', other: 1 };
    assert.equal((await bench.red.post('/snapflow/lenfocus/admit', admission)).status, 200);
    await online;
    const kept = readFileSync(join(folder, 'snapflow', 'lenfocus-server.json'), 'utf8');
    assert.deepEqual(JSON.parse(kept), [{ sn: SN, name: 'Door' }]);

    const offline = once(camera, 'offline');
    await bench.red.deploy(flowOf({ devices: '', name: 'changed' }, []));
    await offline;
    await bench.port();
    const { body: after } = await bench.red.post('/snapflow/lenfocus/devices', asked);
    assert.deepEqual(
      (after['devices'] as Array<{ sn: string; name: string }>).map(({ sn, name }) => [sn, name]),
      [[SN, 'Door']],
    );
  });

  it('says in the dialog that it has to be deployed first, in the language of the browser', async () => {
    await bench.start();
    const { status, body } = await bench.red.post('/snapflow/lenfocus/joins', { server: 'none' }, 'zh-CN');
    assert.equal(status, 422);
    assert.match(String(body['message']), /\p{Script=Han}/u);
  });

  it('describes operations, alarms, limits and personal fields to the dialogs', async () => {
    await bench.start();
    const { body } = await bench.red.post('/snapflow/lenfocus/facts', {});
    assert.ok('reboot' in (body['operations'] as object));
    assert.ok('later' in (body['alarmTypes'] as object));
    assert.equal((body['limits'] as Record<string, number>)['maxBodyBytes'], 16 * 1024 * 1024);
    assert.ok((body['personal'] as string[]).includes('idCard'));
  });

  it('is red while its port is taken or its certificate bad, says so once, and comes up by itself', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
    writeFileSync(certFile, 'no certificate');
    const secure = { ...flowOf({ tlsMode: 'files', certFile, keyFile }, [])[1], id: 'secure', server: '' };
    const red = await bench.start({ port }, [
      EVENTS,
      { ...COMMAND, id: 'c', operation: 'reboot' },
      secure,
      { ...EVENTS, id: 's', server: 'secure' },
    ]);
    for (const id of ['n', 'c', 's']) {
      const { fill, text } = await red.statuses(id).until((look) => look.fill === 'red');
      assert.deepEqual([fill, text], ['red', 'status.retrying']);
    }
    const { server } = bench.serverNode;
    const encrypted = red.node<ServerNode>('secure');
    assert.equal(bench.serverNode.problem?.code, 'UNREACHABLE');
    assert.equal(encrypted.problem?.code, 'CERTIFICATE_REJECTED');
    const { key, cert } = selfSignedCertificate({ commonName: 'cameras' });
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    taken.close();
    await once(taken, 'close');
    while (server.state().listen !== 'listening') await once(server, 'state');
    assert.equal((await red.statuses('n').until((look) => look.fill === 'grey')).text, 'status.none');
    assert.deepEqual(await red.statuses('c').next(), {});
    await bench.online();

    while (encrypted.server.state().port === undefined) await once(encrypted.server, 'state');
    const address = `wss://127.0.0.1:${encrypted.server.state().port}`;
    const camera = await bench.online({ server: address, ca: cert });
    assert.equal((await camera.pushFace()).status, 200);
    assert.equal((await red.statuses('s').until((look) => look.fill === 'green')).text, 'status.online');
  });

  it('encrypts with a TLS configuration of Node-RED', async () => {
    const { key, cert } = selfSignedCertificate({ commonName: 'cameras' });
    const config = { id: 'tls', type: 'tls-config', z: '', server: '', cert: '', key: '', ca: '' };
    const given = { tls: { certdata: cert, keydata: key } };
    await bench.start({ tlsMode: 'config', tls: 'tls' }, [config, EVENTS], given, [tlsModule]);
    const camera = await bench.online({ server: `wss://127.0.0.1:${await bench.port()}`, ca: cert });
    assert.equal((await camera.pushFace()).status, 200);
  });

  for (const { what, config } of [
    { what: 'files that are not named', config: { tlsMode: 'files', certFile: '/tmp/server.crt' } },
    { what: 'no TLS configuration', config: { tlsMode: 'config' } },
    { what: 'a table of updates that is none', config: { ota: 'table', releases: '[{}]' } },
    { what: 'no folder of updates', config: { ota: 'folder' } },
    { what: 'limits that are no JSON', config: { limits: '{' } },
    { what: 'no path on the server of Node-RED', config: { place: 'node-red' } },
  ]) {
    it(`does not start, rather than otherwise than it was told, with ${what}`, async () => {
      const red = await bench.start(config, [{ ...COMMAND, operation: 'reboot' }]);
      assert.match((await red.statuses('n').next()).text ?? '', /BAD_INPUT/);
      red.send('n', {});
      assert.equal((await bench.caught()).code, 'BAD_INPUT');
    });
  }

  it('LF-2.3 answers update queries from its table, and hands the files out', async () => {
    const file = join(folder, 'firmware.bin');
    writeFileSync(file, 'firmware');
    const releases = JSON.stringify([{ versionCode: '12', versionName: 'v12', components: [{ file }] }]);
    const red = await bench.start({ ota: 'table', releases }, [EVENTS]);
    const { body } = await (await bench.online()).queryOta();
    const { data } = body as { data: { verCode: number; componentList: Array<{ url: string }> } };
    assert.equal(data.verCode, 12);
    assert.equal(await (await fetch(data.componentList[0]?.url ?? '')).text(), 'firmware');
    const told = await red.inbox('else').until(({ kind }) => kind === 'ota');
    assert.equal((told.payload as { release: { versionName: string } }).release.versionName, 'v12');
  });

  it('tells nodes and messages why it could not be set up', async () => {
    const red = await bench.start({ publicKey: 'no key' }, [{ ...COMMAND, operation: 'reboot' }]);
    red.send('n', {});
    const { code, message } = await bench.caught();
    assert.equal(code, 'BAD_INPUT');
    assert.match(message, /public key/);
  });

  it('stops a server whose options are out of range from starting', async () => {
    const red = await bench.start({ tokenLifetime: 60 }, [EVENTS]);
    assert.match((await red.statuses('n').next()).text ?? '', /BAD_INPUT/);
  });

  it('frees its port at every redeploy and leaves nothing behind', async () => {
    const reserved = createServer().listen(0, '127.0.0.1');
    await once(reserved, 'listening');
    const { port } = reserved.address() as AddressInfo;
    reserved.close();
    await once(reserved, 'close');
    const nodes = [EVENTS, { ...COMMAND, id: 'c', operation: 'reboot' }];
    const empty = [{ id: 'empty', type: 'tab' }];
    const red = await bench.start({ port }, nodes);
    const camera = await bench.online();
    await camera.stop();
    await red.deploy(empty);
    const before = openResources();
    for (let turn = 1; turn <= 5; turn++) {
      await red.deploy(flowOf({ port, name: `turn ${turn}` }, nodes));
      await bench.port();
      const online = once(camera, 'online');
      await camera.start();
      await online;
      await camera.stop();
      await red.deploy(empty);
    }
    assert.deepEqual(openResources(), before);
  });
});
