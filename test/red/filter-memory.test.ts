/** What a filter knows and what it has not decided yet, in a real Node-RED that ends, starts again and is deployed. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { picture } from '../lib/filter/pictures';
import { startNodeRed, type RunningNodeRed } from '../support/node-red';

const ON_DISK = `contextStorage: { default: { module: 'localfilesystem' } },`;
/** Begins the log line of what became of a picture. */
const FATE = '__FATE__';

describe('a filter in a real Node-RED', () => {
  const userDir = mkdtempSync(join(tmpdir(), 'snapflow-filter-'));
  let payload: string;
  let red: RunningNodeRed | undefined;
  before(async () => {
    payload = JSON.stringify([...(await picture())]);
  });
  after(async () => {
    await red?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  const flows = (rules: object = {}) => {
    const tell = (id: string, words: string, wires: string[][] = []) => ({
      id,
      type: 'function',
      z: 'tab',
      func: `node.warn(${words}); return msg;`,
      outputs: wires.length,
      wires,
    });
    const rest = { conditions: [], masks: [], passAlarms: true, keepLast: true, ...rules };
    return [
      { id: 'tab', type: 'tab', label: 'filter' },
      {
        id: 'take',
        type: 'inject',
        z: 'tab',
        props: [{ p: 'payload' }],
        payload,
        payloadType: 'bin',
        wires: [['arrived']],
      },
      {
        id: 'filter',
        type: 'snapflow-filter',
        z: 'tab',
        useChanged: true,
        threshold: 0.38,
        ...rest,
        wires: [['passed'], ['held']],
      },
      tell('arrived', `'__ARRIVED__'`, [['filter']]),
      tell('passed', `'${FATE}passed ' + msg.filter.reason`),
      tell('held', `'${FATE}held ' + msg.filter.reason`),
    ];
  };

  async function take(from: RunningNodeRed): Promise<void> {
    const reply = await fetch(new URL('inject/take', from.url), { method: 'POST' });
    assert.equal(reply.status, 200);
  }
  async function fate(from: RunningNodeRed): Promise<string | undefined> {
    const start = from.log().length;
    await take(from);
    return (await from.waitForLog(new RegExp(`${FATE}(\\w+ \\S+)`), { from: start }))[1];
  }
  async function restart(settings = ''): Promise<RunningNodeRed> {
    await red?.stop();
    if (red) assert.doesNotMatch(red.log(), /Close timed out|Unhandled|Uncaught/);
    red = await startNodeRed({ userDir, settings, flows: flows() });
    return red;
  }

  it('holds back the same picture after a restart, where the context is on disk', async () => {
    let running = await restart(ON_DISK);
    assert.equal(await fate(running), 'passed first');
    assert.equal(await fate(running), 'held unchanged');
    running = await restart(ON_DISK);
    assert.equal(await fate(running), 'held unchanged');
  });

  it('begins anew after a restart where the context is in memory, as its help says', async () => {
    let running = await restart();
    assert.equal(await fate(running), 'passed first');
    running = await restart();
    assert.equal(await fate(running), 'passed first');
  });

  it('passes a picture that waited in a burst after a full deploy', async () => {
    const running = red ?? (await restart());
    const deployed = running.log().length;
    await running.deploy(flows({ useChanged: false, useBurst: true, burst: 60 }));
    // The answer comes before the nodes are there.
    await running.waitForLog(/Started flows/, { from: deployed });
    await take(running);
    await running.waitForLog(/__ARRIVED__/, { from: deployed });
    const from = running.log().length;
    await running.deploy(flows({ useChanged: false, useBurst: true, burst: 0.5 }));
    const [, became] = await running.waitForLog(new RegExp(`${FATE}(.*)`), { from });
    assert.equal(became, 'passed sharpest');
    assert.doesNotMatch(running.log(), /Close timed out|Unhandled|Uncaught/);
  });
});
