import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { describeOperations } from '../../lib/onenet';

const docs = join(__dirname, '../../docs');

describe('docs of OneNET', () => {
  for (const [file, language] of [
    ['onenet.md', 'en-US'],
    ['onenet.zh-CN.md', 'zh-CN'],
  ] as const) {
    it(`${file} has a row for each operation, in the order of the document, and no other`, () => {
      const wanted = describeOperations(language).map(
        ({ chapter, id, title, node, name }) =>
          `| ${chapter} | ${id} | ${title} | \`${node}\` | \`${name}\` |`,
      );
      const rows = readFileSync(join(docs, file), 'utf8')
        .split('\n')
        .map((line) => line.replace(/ +\|/g, ' |').trim())
        .filter((line) => /^\| [\d.]+ \|/.test(line));
      assert.deepEqual(rows, wanted);
    });
  }
});
