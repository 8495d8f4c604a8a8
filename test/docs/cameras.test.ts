import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PRESETS } from '../../lib/web';

describe('docs of any camera', () => {
  for (const file of ['cameras.md', 'cameras.zh-CN.md']) {
    it(`${file} lists the paths that the dialog offers, in its order`, () => {
      const text = readFileSync(join(__dirname, '../../docs', file), 'utf8');
      const rows = [...text.matchAll(/^\| (.+?) +\| `(\/.+?)` +\|/gm)].map(([, title, path]) => [
        title,
        path,
      ]);
      assert.deepEqual(
        rows,
        PRESETS.map(({ title, path }) => [title, path]),
      );
    });
  }
});
