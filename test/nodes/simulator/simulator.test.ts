import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { simulators } from '../../../lib/simulators';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import { help, LANGUAGES, nodeParts, template } from '../support/package';
import { startRuntime, type Runtime } from '../support/runtime';

describe('snapflow-simulator', () => {
  let runtime: Runtime | undefined;
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
  });

  async function start(fields: object, more: object[] = []): Promise<Runtime> {
    runtime = await startRuntime(
      [simulatorModule],
      [
        { id: 'tab', type: 'tab' },
        { id: 'sim', type: 'snapflow-simulator', z: 'tab', port: 0, wires: [['out']], ...fields },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
        { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
        { id: 'caught', type: 'collect', z: 'tab', wires: [] },
        ...(more as []),
      ],
    );
    return runtime;
  }

  const address = async (red: Runtime, id = 'sim') =>
    String((await red.statuses(id).until(({ text }) => /^https?:/.test(text ?? ''))).text);

  it('plays a camera and tells of each request', async () => {
    const red = await start({ kind: 'huawei-camera' });
    const url = await address(red);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${url}/SDCAPI/V1.0/Rest/DeviceID`)).status, 401);
    const { payload, topic } = await red.inbox('out').next();
    assert.equal(topic, 'huawei-camera');
    const { status, counted, counters } = payload as {
      status: number;
      counted: string[];
      counters: Record<string, number>;
    };
    assert.equal(status, 401);
    assert.ok(counted.includes('requests'));
    assert.equal(counters['requests'], 1);
  });

  it('plays a cloud by its settings', async () => {
    const red = await start({
      kind: 'thingscloud',
      projectKey: 'my-key',
      region: 'here',
      pace: '0',
      maxPictureBytes: '20',
    });
    const url = await address(red);
    const post = async (key: string, body: Buffer) => {
      const reply = await fetch(`${url}/device/v1/t/photo/image`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', region: 'here', 'project-key': key },
        body: new Uint8Array(body),
      });
      return ((await reply.json()) as { errcode?: number }).errcode;
    };
    const picture = Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1');
    assert.equal(await post('other-key', picture), 1022);
    assert.equal(await post('my-key', picture), undefined);
    assert.equal(await post('my-key', Buffer.concat([picture, Buffer.alloc(20)])), 4005);
  });

  it('switches faults on and off by message', async () => {
    const red = await start({ kind: 'thingscloud', fault: 'rate-limited' });
    const url = await (async () => {
      await red.statuses('sim').next();
      red.send('sim', { payload: '' });
      return address(red);
    })();
    const status = async () => (await fetch(`${url}/x`, { method: 'POST' })).status;
    assert.equal(await status(), 404);
    for (const [msg, expected] of [
      [{ fault: { name: 'error', status: 502, times: 1 } }, 502],
      [{ payload: 'ignored', fault: null }, 404],
      [{ payload: 'rate-limited' }, 429],
      [{ payload: 'anything', fault: 'rate-limited' }, 429],
      [{ payload: '' }, 404],
    ] as const) {
      red.send('sim', msg);
      await red
        .completions('sim')
        .until((done) => done.msg['fault'] === ('fault' in msg ? msg.fault : undefined));
      assert.equal(await status(), expected, JSON.stringify(msg));
    }
    red.send('sim', { payload: 'no-such-fault' });
    assert.equal(((await red.inbox('caught').next())['error'] as { code: string }).code, 'BAD_INPUT');
    red.send('sim', { payload: 42 });
    assert.equal(((await red.inbox('caught').next())['error'] as { code: string }).code, 'BAD_INPUT');
  });

  it('says that its port is taken, and leaves the other running', async () => {
    const red = await start({ kind: 'thingscloud' });
    const url = await address(red);
    const { port } = new URL(url);
    const wires = [[]];
    await red.deploy(
      [
        { id: 'tab', type: 'tab' },
        { id: 'sim', type: 'snapflow-simulator', z: 'tab', kind: 'thingscloud', port, wires },
        { id: 'sim2', type: 'snapflow-simulator', z: 'tab', kind: 'thingscloud', port, wires },
      ],
      'full',
    );
    const look = await red.statuses('sim2').next();
    assert.equal(look.fill, 'red');
    assert.equal((await fetch(url)).status, 200);
  });

  it('offers the faults of each kind in the language of the browser', async () => {
    const red = await start({ kind: 'thingscloud' });
    const { status, body } = await red.post('/snapflow/simulator/faults', {}, 'zh-CN');
    assert.equal(status, 200);
    const faults = body as unknown as Record<string, Array<{ name: string; text: string }>>;
    for (const [kind, { faults: known }] of Object.entries(simulators)) {
      assert.deepEqual(
        faults[kind]?.map(({ name }) => name),
        known.map(({ name }) => name),
      );
    }
    assert.match(faults['thingscloud']?.[0]?.text ?? '', /\p{Script=Han}/u);
  });

  it('offers every kind in its dialog, and tells every fault in its help', () => {
    const part = nodeParts.find(({ name }) => name === 'snapflow-simulator');
    assert.ok(part);
    for (const [kind, { faults }] of Object.entries(simulators)) {
      assert.match(template(part.html), new RegExp(`<option value="${kind}"`));
      for (const language of LANGUAGES) {
        for (const { name } of faults)
          assert.ok(help(part, language).includes(`<code>${name}</code>`), `${language} ${name}`);
      }
    }
  });
});
