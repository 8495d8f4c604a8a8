import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as library from '../../../lib/assetscontrols';
import { help, nodeParts, root, type Part } from '../support/package';

const part = nodeParts.find(({ name }) => name === 'assetscontrols-photograph') as Part;

describe('docs of AssetsControls', () => {
  for (const [file, language] of [
    ['assetscontrols.md', 'en-US'],
    ['assetscontrols.zh-CN.md', 'zh-CN'],
  ] as const) {
    const rows = readFileSync(join(root, 'docs', file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim().replaceAll('`', '')),
      );

    it(`${file} names nodes and functions that are there`, () => {
      const operations = rows.filter(([id]) => /AC-/.test(id ?? ''));
      assert.deepEqual(
        [...new Set(operations.map(([id]) => id))],
        ['AC-1', 'AC-2', 'X-AC-a', 'X-AC-b', 'X-AC-c'],
      );
      for (const [, , node, name = ''] of operations) {
        assert.ok(nodeParts.some((one) => one.name === node));
        assert.equal(typeof (library as Record<string, unknown>)[name], 'function', name);
      }
    });

    it(`${file} and the help tell every result code with its kind`, () => {
      const told = new Set(rows.map(([result, , code]) => `${result} ${code}`));
      const words = help(part, language);
      for (const [endpoint, results] of Object.entries(library.RESULTS)) {
        for (const [result, { code }] of Object.entries(results)) {
          assert.ok(told.has(`${result} ${code}`), `${endpoint} ${result} ${code}`);
          if (endpoint !== 'Instruction') continue;
          assert.match(words, new RegExp(`<code>${code}</code>[^<]*${result}`));
        }
      }
    });
  }
});
