/** The decision whether a 1080p picture shows a change, and how long it keeps the event loop from everything else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sceneOf } from '../../test/support/scenes/scenes';
import type { Bench, RunningVariant, Variant } from '../support/bench';
import { built } from '../support/built';
import { startFlow } from '../support/node-red';
import { timedWithStalls } from '../support/stall';

const THUMBNAIL = 'sharp thumbnail, 32 × 32 gray';
const OURS = 'Snapflow, changed and usable';
const NODES = 'Snapflow node in Node-RED';
const NAIVE = 'function node, jpeg-js and dHash';

const PICTURES = 4;

/** Makes the pictures of a slot in turn. */
function running(
  folder: string,
  decide: (picture: Buffer) => Promise<unknown>,
  close?: () => Promise<void>,
): RunningVariant {
  const pictures = Array.from({ length: PICTURES }, (_, index) => readFileSync(join(folder, `${index}.jpg`)));
  return {
    slot: (units) => timedWithStalls(units, (index) => decide(pictures[index % PICTURES] as Buffer)),
    ...(close && { close }),
  };
}

const thumbnail: Variant = ({ folder = '' }) => {
  const sharp = require('sharp') as typeof import('sharp');
  return running(folder, (picture) =>
    sharp(picture).resize(32, 32, { fit: 'fill' }).grayscale().raw().toBuffer(),
  );
};

const snapflow: Variant = ({ folder = '' }) => {
  const { PictureFilter } = built<typeof import('../../lib/filter')>('filter');
  const filter = new PictureFilter({ changed: {}, usable: true });
  return running(folder, (data) => filter.decide({ data, device: 'camera', read: () => undefined }));
};

const nodes: Variant = async ({ folder = '' }) => {
  const flow = await startFlow([
    {
      id: 'in',
      type: 'snapflow-filter',
      useChanged: true,
      threshold: 0.38,
      useUsable: true,
      wires: [['out'], ['out']],
    },
  ]);
  return running(
    folder,
    (payload) => flow.pass({ payload }),
    () => flow.close(),
  );
};

/** What a user would write: decode all of it, then compare neighbours of a 9 × 8 picture. */
const FUNCTION = `
  const { width, height, data } = jpeg.decode(msg.payload, { useTArray: true, maxMemoryUsageInMB: 1024 });
  const light = (column, row) => {
    const at = 4 * (Math.floor(((row + 0.5) * height) / 8) * width + Math.floor(((column + 0.5) * width) / 9));
    return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  };
  const hash = [];
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 8; column++) hash.push(light(column, row) > light(column + 1, row));
  }
  const last = context.get('hash') || [];
  msg.payload = hash.filter((bit, index) => bit !== last[index]).length;
  context.set('hash', hash);
  return msg;
`;

const naive: Variant = async ({ folder = '' }) => {
  const flow = await startFlow([
    {
      id: 'in',
      type: 'function',
      func: FUNCTION,
      libs: [{ var: 'jpeg', module: 'jpeg-js' }],
      initialize: '',
      wires: [['out']],
    },
  ]);
  return running(
    folder,
    (payload) => flow.pass({ payload }),
    () => flow.close(),
  );
};

export const change: Bench = {
  title: 'Has a 1080p picture changed?',
  about:
    'Milliseconds from picture to decision, one after the other; stall: the longest stand-still of the event loop of each picture, 99th percentile.',
  metrics: [
    { name: 'ms', unit: '' },
    { name: 'stall', unit: 'ms', digits: 1 },
  ],
  variants: { [THUMBNAIL]: thumbnail, [OURS]: snapflow, [NODES]: nodes, [NAIVE]: naive },
  targets: [
    { variant: OURS, metric: 'ms', against: THUMBNAIL, atMost: 1.3 },
    { variant: OURS, metric: 'stall', atMost: 10 },
    { variant: NODES, metric: 'stall', atMost: 10 },
  ],
  units: { full: 12, short: 4 },
  async surround() {
    const folder = mkdtempSync(join(tmpdir(), 'snapflow-bench-'));
    let index = 0;
    for await (const { jpeg } of sceneOf('noise', 1, PICTURES - 1, { width: 1920, height: 1080 })) {
      writeFileSync(join(folder, `${index++}.jpg`), jpeg);
    }
    return {
      facts: { folder },
      close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    };
  },
};
