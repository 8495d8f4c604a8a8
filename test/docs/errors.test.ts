import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../lib/errors';

const docs = join(__dirname, '../../docs');

describe('docs/errors', () => {
  for (const name of ['errors.md', 'errors.zh-CN.md']) {
    it(`${name} has a heading for each code, and no other`, () => {
      const headings = [...readFileSync(join(docs, name), 'utf8').matchAll(/^## (\w+)$/gm)].map(
        ([, code]) => code,
      );
      assert.deepEqual(headings, [...ERROR_CODES]);
    });
  }
});
