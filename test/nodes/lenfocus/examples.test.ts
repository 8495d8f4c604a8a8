/** The examples as a user imports them: their own buttons, switches and simulated cameras, on free ports. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, describe, it } from 'node:test';
import type { ServerNode } from '../../../nodes/lenfocus/server';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { Message } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { exampleFlows, freePorts } from '../../support/node-red';
import { openResources } from '../support/resources';
import { startRuntime, type Flow, type NodeModule, type Runtime } from '../support/runtime';
import { lenfocusModules } from './bench';

const core = ['common/20-inject', 'common/25-catch', 'function/10-switch', 'function/15-change'].map(
  (file) => require(`@node-red/nodes/core/${file}.js`) as NodeModule,
);
const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];

describe('the Lenfocus examples', () => {
  let red: Runtime;
  let flow: Flow;
  before(async () => {
    red = await startRuntime(
      [...core, ...lenfocusModules, simulatorModule, projectModule, uploadModule],
      EMPTY,
    );
  });
  afterEach(() => red.deploy(EMPTY));
  after(() => red.stop());

  /** The example; what its debug nodes would show is collected. Nodes of a type get other fields. */
  async function example(
    name: string,
    changes: Record<string, object> = {},
  ): Promise<Record<string, number>> {
    const fixed = JSON.stringify(exampleFlows(name, {})).match(/\b180\d\d\b/g) ?? [];
    const ports = await freePorts(...new Set(fixed));
    flow = (exampleFlows(name, ports) as Flow)
      .filter(({ type }) => type !== 'comment')
      .map((node) => ({
        ...node,
        ...changes[node.type],
        ...(node.type === 'debug' && { type: 'collect' }),
      }));
    await red.deploy(flow);
    return ports;
  }

  const idOf = (name: string) => {
    const found = flow.find((node) => node.name?.startsWith(name));
    assert.ok(found, `${name} is in the example`);
    return found.id;
  };
  const press = (name: string) => red.send(idOf(name), {});
  const shown = (name: string) => red.inbox(idOf(name));
  const nothingFailed = () => assert.deepEqual(shown('error ·').all, []);
  const online = (name: string, count: number) =>
    red.statuses(idOf(name)).until(({ fill }) => fill === 'green', `${count} online`);

  it('faces: each face of three cameras arrives in the cloud, under the device of its camera', async () => {
    const ports = await example('lenfocus-faces', {
      // Not more often: drawing pictures must not keep a slow machine from uploading them.
      'snapflow-simulator': { reportEvery: 3, pace: 0 },
      'thingscloud-project': { pace: 0 },
    });
    const seen = new Set<string>();
    const uploaded = shown('uploaded');
    while (seen.size < 3) {
      const msg = (await uploaded.next()) as PictureMessage & { upload: { url: string; system: string } };
      assert.equal(msg.upload.system, 'thingscloud');
      const { source } = msg.picture;
      assert.ok(['face', 'body', 'scene'].includes(source.kind ?? ''), source.kind);
      const stored = Buffer.from(await (await fetch(msg.upload.url)).arrayBuffer());
      assert.equal(stored.length, msg.picture.bytes);
      seen.add(source.device ?? '');
    }
    assert.deepEqual([...seen].sort(), ['SIM000000000001', 'SIM000000000002', 'SIM000000000003']);
    const page = await (await fetch(`http://127.0.0.1:${ports['18096']}/`)).text();
    assert.deepEqual(page.match(/<h2>[^<]+/g), ['<h2>SIM0…001', '<h2>SIM0…002', '<h2>SIM0…003']);
    assert.ok(shown('connections').all.some(({ topic }) => topic === 'lenfocus/SIM000000000002/connect'));
    nothingFailed();
  });

  it('alarms: each button makes a row with the name of the alarm in both languages', async () => {
    await example('lenfocus-alarms');
    await online('alarms', 1);
    for (const [button, type, en, zh] of [
      ['motion', 1, 'Motion', '移动侦测'],
      ['flame', 8, 'Flame', '火焰'],
      ['person', 11, 'Person captured', '人形抓拍'],
    ] as const) {
      press(button);
      const { time, pictures, ...row } = (await shown('alarm table').next()).payload as Record<
        string,
        unknown
      >;
      assert.deepEqual(row, { camera: 'Entrance', sn: 'SIM000000000001', type, en, zh });
      assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
      assert.equal(pictures, 3);
    }
    nothingFailed();
  });

  it('ask: every button brings an answer, the last one a picture', async () => {
    await example('lenfocus-ask', { 'snapflow-simulator': { reportEvery: 1 } });
    const asked = (name: string) => {
      const command = idOf(name);
      const button = flow.find(({ wires }) => (wires as string[][] | undefined)?.[0]?.[0] === command);
      red.send(button?.id ?? '', {});
      return shown('answer').next() as Promise<Message & { payload: unknown }>;
    };
    const whole = async (name: string) =>
      (await asked(name)).payload as { items: unknown[]; complete: boolean };
    await once(red.node<ServerNode>(idOf('Simulated site')).server, 'connect');
    const captured = once(red.node<ServerNode>(idOf('Simulated site')).server, 'report');
    const videos = await whole('videos');
    assert.deepEqual([videos.items.length, videos.complete], [300, true]);
    const persons = await whole('persons');
    assert.deepEqual([Array.isArray(persons.items), persons.complete], [true, true]);
    const { total } = (await asked('any uri')).payload as { total: number };
    assert.equal(total, persons.items.length);
    await captured;
    const msg = (await asked('captures')) as unknown as PictureMessage;
    assert.deepEqual([msg.picture.format, msg.payload.length], ['jpeg', msg.picture.bytes]);
    nothingFailed();
  });

  it('provision: a stranger waits until the button admits it, and gets a person with the face it reported', async () => {
    await example('lenfocus-provision', { 'snapflow-simulator': { reportEvery: 0.2 } });
    const { payload } = await shown('who wants to join').next();
    assert.deepEqual(
      [(payload as { sn: string }).sn, (payload as { refusal: string }).refusal],
      ['SIM000000000001', 'unknown'],
    );
    press('admit ·');
    assert.deepEqual((await shown('admitted').next())['question'], { kind: 'join', id: 'SIM000000000001' });
    await online('events', 1);
    assert.deepEqual((await shown('added').next()).payload, { done: true });
    const devices = await red.post('/snapflow/lenfocus/devices', { server: idOf('Simulated site') });
    const [device] = devices.body['devices'] as Array<{ name: string; did: string; online: boolean }>;
    assert.deepEqual([device?.name, device?.did, device?.online], ['New camera', '1001', true]);
    nothingFailed();
  });

  it('redeployed twenty times, frees its ports at once and leaves nothing behind', async () => {
    await example('lenfocus-faces', { 'snapflow-simulator': { reportEvery: 0.2, pace: 0 } });
    await online('cameras', 3);
    await red.deploy(EMPTY);
    const before = openResources();
    for (let turn = 1; turn <= 20; turn++) await red.deploy(flow);
    await online('cameras', 3);
    await shown('uploaded').next();
    nothingFailed();
    await red.deploy(EMPTY);
    assert.deepEqual(openResources(), before);
  });
});
