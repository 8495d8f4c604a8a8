import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { Message } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import receiveModule from '../../../nodes/web/snapflow-receive';
import { freePorts } from '../../support/node-red';
import { jpeg } from '../../lib/huawei/raw-camera';
import { send } from '../../lib/simulators/plain-client';
import { root } from '../support/package';
import { openResources } from '../support/resources';
import { startRuntime, type Credentials, type Flow, type Runtime } from '../support/runtime';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];
const picture = jpeg(64, 48);

describe('snapflow-receive', () => {
  let runtime: Runtime | undefined;
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
  });

  async function start(
    fields: object = {},
    credentials: Credentials = {},
  ): Promise<{ red: Runtime; url: string }> {
    const { port } = await freePorts('port');
    runtime = await startRuntime(
      [receiveModule],
      [
        { id: 'tab', type: 'tab' },
        {
          id: 'n',
          type: 'snapflow-receive',
          z: 'tab',
          host: '127.0.0.1',
          port,
          basePath: '/cameras',
          auth: 'none',
          wires: [['out']],
          ...fields,
        },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
      ],
      credentials,
    );
    return { red: runtime, url: `http://127.0.0.1:${port}/cameras` };
  }

  it('sends each pushed picture as a message, after its sender was answered', async () => {
    const { red, url } = await start({ auth: 'bearer' }, { n: { token: 'T0ken' } });
    const waiting = await red.statuses('n').next();
    assert.deepEqual([waiting.text, waiting.fill], ['status.waiting', 'grey']);
    const headers = { authorization: 'Bearer T0ken', 'content-type': 'image/jpeg' };
    const reply = await send(`${url}/door`, { method: 'POST', headers, body: picture });
    assert.equal(reply.status, 200);
    const msg = (await red.inbox('out').next()) as PictureMessage;
    assert.deepEqual(msg.payload, picture);
    assert.equal(msg.topic, 'snapflow/door/pushed');
    assert.match(msg.filename, /^door-\d{8}T\d{9}Z-1\.jpg$/);
    await red.statuses('n').until(({ text }) => text === 'status.received');
    const refused = await send(`${url}/door`, { method: 'POST', body: picture });
    assert.equal(refused.status, 401);
    assert.equal((await red.statuses('n').next()).fill, 'red');
  });

  it('says that it needs what cameras have to show, and what names them', async () => {
    const { red } = await start({ auth: 'basic' });
    assert.match((await red.statuses('n').next()).text ?? '', /BAD_INPUT/);
    await red.stop();
    const other = await start({ deviceFrom: 'query', deviceName: '' });
    assert.match((await other.red.statuses('n').next()).text ?? '', /BAD_INPUT/);
  });

  it('says that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { red } = await start({ port: (other.address() as AddressInfo).port });
    await red.statuses('n').until(({ text }) => text === 'status.retrying');
    other.close();
  });
});

describe('the example snapflow-receive', () => {
  it('takes what three cameras push in three ways, and leaves nothing when it is deployed anew', async () => {
    const ports = await freePorts('18102');
    const text = readFileSync(join(root, 'examples/snapflow-receive.json'), 'utf8');
    const flow = (JSON.parse(text.replaceAll('18102', String(ports['18102']))) as Flow)
      .filter(({ type }) => !['comment', 'inject'].includes(type))
      .map((node) => (node.type === 'debug' ? { ...node, type: 'collect' } : node));
    const idOf = (name: string) => flow.find((node) => node.name?.startsWith(name))?.id ?? '';
    const runtime = await startRuntime([receiveModule, simulatorModule], []);
    try {
      await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      const before = openResources();
      await runtime.deploy(flow);
      await runtime.statuses(idOf('receive')).until(({ text: words }) => words === 'status.waiting');
      runtime.send(idOf('cameras'), { push: true });
      const devices = new Set<string>();
      while (devices.size < 3) {
        const { picture: info } = (await runtime.inbox(idOf('picture')).next()) as PictureMessage;
        devices.add(info.source.device);
      }
      assert.deepEqual([...devices].sort(), ['door-1', 'door-2', 'door-3']);
      const answers = runtime.inbox(idOf('answer'));
      const status = ({ payload }: Message) => (payload as { status?: number }).status;
      await answers.until((msg) => status(msg) === 200);
      runtime.send(idOf('cameras'), { fault: 'wrong-password' });
      runtime.send(idOf('cameras'), { push: true });
      await answers.until((msg) => status(msg) === 401);
      runtime.send(idOf('cameras'), { fault: 'broken-picture' });
      runtime.send(idOf('cameras'), { push: true });
      await answers.until((msg) => status(msg) === 400);
      await runtime.deploy(EMPTY);
      assert.deepEqual(openResources(), before);
    } finally {
      await runtime.stop();
    }
  });
});
