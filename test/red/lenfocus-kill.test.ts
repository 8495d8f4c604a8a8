/** `kill -9` of a real Node-RED that holds a device server; the long form is `npm run soak -- lenfocus-red-kill`. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { redKillRounds } from '../soak/lenfocus-red-kill';

it(
  'after kill -9 of Node-RED all cameras are back by themselves, and report',
  { timeout: 120_000 },
  async () => {
    const { backMs, kills, taken } = await redKillRounds(30, 1);
    assert.deepEqual([kills, taken, backMs.length], [1, 30, 2]);
  },
);
