/** The short form of `bench/cases/scenes.ts`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countScenes } from '../../support/scenes/count';
import { SCENE_KINDS } from '../../support/scenes/scenes';

describe('labelled scenes at the default settings', () => {
  for (const kind of SCENE_KINDS) {
    it(`${kind}: no intruder is missed, and still pictures are held back`, async () => {
      const { still, falsePasses, intruders, missed } = await countScenes(kind, {
        from: 0,
        seeds: 4,
        stills: 4,
      });
      assert.deepEqual([still, intruders], [12, 4]);
      assert.equal(missed, 0);
      assert.equal(falsePasses, 0);
    });
  }
});
