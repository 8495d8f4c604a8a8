import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import filterModule from '../../../nodes/filter/snapflow-filter';
import cameraModule from '../../../nodes/huawei/huawei-camera';
import snapshotModule from '../../../nodes/huawei/huawei-snapshot';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import { freePorts } from '../../support/node-red';
import { root } from '../support/package';
import { startRuntime, type Flow } from '../support/runtime';

const nodes = JSON.parse(readFileSync(join(root, 'examples/snapflow-filter.json'), 'utf8')) as Flow;

/** The example on a free port, triggered by the test; what ends in the sidebar is collected. */
function example(port: number): Flow {
  return nodes
    .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
    .map((node) => {
      if (node.type === 'debug') return { ...node, type: 'collect' };
      if (node.type === 'huawei-camera') return { ...node, address: `http://127.0.0.1:${port}` };
      return node.type === 'snapflow-simulator' ? { ...node, port } : node;
    });
}

describe('the example snapflow-filter', () => {
  it('holds back the pictures of a camera that froze, and lets pass those that show something new', async () => {
    const { camera = 0 } = await freePorts('camera');
    const flow = example(camera);
    const find = (type: string) => flow.find((node) => node.type === type);
    const snapshot = find('huawei-snapshot')?.id ?? '';
    const simulator = find('snapflow-simulator')?.id ?? '';
    const [[passed = ''] = [], [held = ''] = []] = find('snapflow-filter')?.['wires'] as string[][];
    const modules = [cameraModule, snapshotModule, simulatorModule, filterModule];
    const runtime = await startRuntime(modules, flow);
    const reason = async (output: string) => {
      runtime.send(snapshot, {});
      return ((await runtime.inbox(output).next())['filter'] as { reason: string }).reason;
    };
    const fault = async (name: string) => {
      runtime.send(simulator, { fault: name });
      await runtime.completions(simulator).next();
    };
    try {
      await runtime.statuses(simulator).until(({ fill }) => fill === 'green');
      await fault('frozen');
      assert.equal(await reason(passed), 'first');
      assert.equal(await reason(held), 'unchanged');
      assert.equal(await reason(held), 'unchanged');
      await fault('');
      // The ball may just turn at the edge: sooner or later it is somewhere else.
      const filter = find('snapflow-filter')?.id ?? '';
      while (runtime.inbox(passed).all.length < 2) {
        runtime.send(snapshot, {});
        await runtime.completions(filter).next();
        assert.ok(runtime.completions(filter).all.length < 200);
      }
      assert.equal((runtime.inbox(passed).all[1]?.['filter'] as { reason: string }).reason, 'changed');
    } finally {
      await runtime.stop();
    }
  });
});
