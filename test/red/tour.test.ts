/** The tour in a real Node-RED process, as `npm start` shows it: through outages, faults, redeploys and restarts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exampleFlows, freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

interface FlowNode {
  id: string;
  type: string;
  name?: string;
  wires?: string[][];
  [property: string]: unknown;
}

/** Begins the log line of a probe: a function node that writes down each message beside a node of the tour. */
const PROBE = '__PROBE__';

/** The tour with probes on what reaches its debug nodes, and on what the simulated cloud answers. */
function withProbes(flows: FlowNode[]): FlowNode[] {
  const flow = flows.find((node) => node.type === 'tab')?.id;
  const probe = (what: string): FlowNode => ({
    id: `probe-${what}`,
    type: 'function',
    z: flow,
    func: `node.warn('${PROBE}${what} ' + JSON.stringify({ ...msg, payload: Buffer.isBuffer(msg.payload) ? null : msg.payload }));`,
    outputs: 0,
    wires: [],
  });
  const beside = (name: string, what: string): void => {
    const debug = flows.find((node) => node.type === 'debug' && node.name?.startsWith(name));
    for (const { wires = [] } of flows) {
      for (const wire of wires) if (wire.includes(debug?.id ?? '')) wire.push(`probe-${what}`);
    }
  };
  beside('uploaded', 'uploaded');
  beside('error', 'error');
  const cloud = flows.find((node) => node.type === 'snapflow-simulator' && node['kind'] === 'thingscloud');
  if (cloud) cloud.wires = [['probe-cloud']];
  return [...flows, probe('uploaded'), probe('error'), probe('cloud')];
}

describe('the tour in a real Node-RED', () => {
  let red: RunningNodeRed;
  let cloud: string;
  let flows: FlowNode[];

  before(async () => {
    const ports = await freePorts('18080', '18081');
    cloud = `http://127.0.0.1:${ports['18080']}`;
    flows = withProbes(exampleFlows('tour', ports) as FlowNode[]);
    red = await startNodeRed({ flows });
  });
  after(() => red.stop());

  /** What a debug node of the tour gets next, seen in the log by a function node wired beside it. */
  async function next(what: string): Promise<Record<string, unknown>> {
    const from = red.log().length;
    const [, json] = await red.waitForLog(new RegExp(`${PROBE}${what} (\\{.*\\})`), { from });
    return JSON.parse(json as string) as Record<string, unknown>;
  }

  async function press(name: string): Promise<void> {
    const button = flows.find((node) => node.type === 'inject' && node.name?.startsWith(name));
    const reply = await fetch(new URL(`inject/${button?.id}`, red.url), { method: 'POST' });
    assert.equal(reply.status, 200, name);
  }

  it('HW-1 TC-1 carries picture after picture from the camera to the cloud', async () => {
    const first = await next('uploaded');
    const { url, pictureId, attempts, system } = first['upload'] as Record<string, unknown>;
    assert.equal(system, 'thingscloud');
    assert.equal(attempts, 1);
    assert.match(String(pictureId), /^[0-9a-f]{24}$/);
    const stored = await fetch(String(url));
    assert.equal(stored.headers.get('content-type'), 'image/jpeg');
    const bytes = Buffer.from(await stored.arrayBuffer());
    assert.equal(bytes.subarray(0, 3).toString('hex'), 'ffd8ff');
    assert.equal(bytes.length, (first['picture'] as { bytes: number }).bytes);

    const second = await next('uploaded');
    assert.notEqual((second['upload'] as { pictureId: string }).pictureId, pictureId);
    assert.match(await (await fetch(cloud)).text(), /<img/);
  });

  it('HW-1 tells that the camera is off, once per trigger, and goes on when it is back', async () => {
    await press('camera off');
    const { error } = (await next('error')) as { error: { code: string; message: string; cause: object } };
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /127\.0\.0\.1/);
    await press('camera normal');
    await next('uploaded');
  });

  it('HW-1 tells a wrong password in words', async () => {
    await press('wrong password');
    const { error } = (await next('error')) as { error: { code: string } };
    assert.equal(error.code, 'AUTH_REJECTED');
    await press('camera normal');
    await next('uploaded');
  });

  it('TC-1 delivers what waited when the cloud is back', async () => {
    await press('cloud fails');
    for (;;) {
      const { payload } = (await next('cloud')) as { payload: { status: number } };
      if (payload.status >= 500) break;
    }
    await press('cloud normal');
    for (;;) {
      const { upload } = (await next('uploaded')) as { upload: { attempts: number } };
      if (upload.attempts > 1) break;
    }
  });

  it('deploys 20 times and still has every port, and no error', async () => {
    const from = red.log().length;
    for (let round = 0; round < 20; round++) await red.deploy(flows);
    await next('uploaded');
    assert.doesNotMatch(red.log().slice(from), /EADDRINUSE|Close timed out|UnhandledPromise|Uncaught/);
  });

  it('ends clean on Ctrl-C', async () => {
    red.process.kill('SIGINT');
    await red.waitForLog(/Stopped flows/);
    const [code] = await red.exited;
    assert.equal(code, 0);
    assert.doesNotMatch(red.log(), /Error stopping node|Close timed out/);
  });
});
