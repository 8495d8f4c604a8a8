import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import cameraModule from '../../nodes/huawei/huawei-camera';
import snapshotModule from '../../nodes/huawei/huawei-snapshot';
import simulatorModule from '../../nodes/simulator/snapflow-simulator';
import projectModule from '../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../nodes/thingscloud/thingscloud-upload';
import { root } from './support/package';
import { startRuntime, type Flow, type Runtime } from './support/runtime';
import { openResources } from './support/resources';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];

/** The tour, triggered by the test, its simulators on free ports, ended by a node that collects. */
function tour(cameraPort: number, cloudPort: number): Flow {
  const nodes = JSON.parse(readFileSync(join(root, 'examples/tour.json'), 'utf8')) as Flow;
  return nodes
    .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
    .map((node) => {
      switch (node.type) {
        case 'debug':
          return { ...node, type: 'collect' };
        case 'huawei-camera':
          return { ...node, address: `http://127.0.0.1:${cameraPort}` };
        case 'thingscloud-project':
          return { ...node, endpoint: `http://127.0.0.1:${cloudPort}`, pace: 0 };
        case 'snapflow-simulator':
          return { ...node, port: node['kind'] === 'thingscloud' ? cloudPort : cameraPort, pace: 0 };
        default:
          return node;
      }
    });
}

describe('redeploying', () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await startRuntime(
      [cameraModule, snapshotModule, projectModule, uploadModule, simulatorModule],
      [],
    );
  });
  after(() => runtime.stop());

  it('fifty times the running tour leaves no socket, server, timer or listener', async () => {
    const [cameraPort, cloudPort] = [await freePort(), await freePort()];
    const flow = tour(cameraPort, cloudPort);
    const snapshot = flow.find(({ type }) => type === 'huawei-snapshot')?.id ?? '';
    const [end] = (flow.find(({ type }) => type === 'thingscloud-upload')?.['wires'] as string[][])[0] ?? [];
    await runtime.deploy(flow);
    await runtime.deploy(EMPTY);
    const before = openResources();
    for (let turn = 1; turn <= 50; turn++) {
      await runtime.deploy(flow);
      if (turn % 10 !== 1) continue;
      // Now and then with connections that have been used.
      runtime.send(snapshot, {});
      assert.equal((await runtime.inbox(end ?? '').next())['filename'] !== undefined, true);
    }
    await runtime.deploy(EMPTY);
    assert.deepEqual(openResources(), before);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
