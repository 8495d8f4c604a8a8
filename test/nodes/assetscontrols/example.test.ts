import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import { freePorts } from '../../support/node-red';
import { root } from '../support/package';
import { openResources } from '../support/resources';
import { startRuntime, type Flow } from '../support/runtime';
import { modules, NUMBER } from './support';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];
const nodes = JSON.parse(readFileSync(join(root, 'examples/assetscontrols-photograph.json'), 'utf8')) as Flow;

/** The example on a free port, triggered by the test; what ends in the sidebar is collected. */
function example(port: number): Flow {
  return nodes
    .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
    .map((node) => {
      switch (node.type) {
        case 'debug':
          return { ...node, type: 'collect' };
        case 'assetscontrols-account':
          return { ...node, address: `http://127.0.0.1:${port}` };
        case 'assetscontrols-photograph':
          return { ...node, busyPause: 0.05, busyTimes: 1000 };
        case 'snapflow-simulator':
          return { ...node, port };
        default:
          return node;
      }
    });
}

describe('the example assetscontrols-photograph', () => {
  it('photographs, tries again while the camera works, and leaves nothing when it is deployed anew', async () => {
    const { cloud = 0 } = await freePorts('cloud');
    const flow = example(cloud);
    const idOf = (type: string) => flow.find((node) => node.type === type)?.id ?? '';
    const photograph = idOf('assetscontrols-photograph');
    const answers = (flow.find(({ id }) => id === photograph)?.['wires'] as string[][])[0]?.[0] ?? '';
    const runtime = await startRuntime([...modules, simulatorModule], []);
    try {
      await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      const before = openResources();
      await runtime.deploy(flow);
      const simulated = runtime.statuses(idOf('snapflow-simulator'));
      await simulated.until(({ fill }) => fill === 'green');
      const busy: number[] = [];
      for (let turn = 1; turn <= 2; turn++) {
        runtime.send(photograph, {});
        const { payload } = await runtime.inbox(answers).next();
        const { terminalNumber, busyTries } = payload as { terminalNumber: string; busyTries: number };
        assert.equal(terminalNumber, NUMBER);
        busy.push(busyTries);
      }
      assert.equal(busy[0], 0);
      assert.ok((busy[1] ?? 0) > 0, 'the second one met a busy camera');
      for (let turn = 1; turn <= 10; turn++) await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      assert.deepEqual(openResources(), before);
    } finally {
      await runtime.stop();
    }
  });
});
