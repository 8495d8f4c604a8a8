import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEFAULT_LIMITS, OPERATIONS } from '../../lib/lenfocus';

const docs = join(__dirname, '../../docs');

describe('docs of Lenfocus', () => {
  for (const [file, language] of [
    ['lenfocus.md', 'en'],
    ['lenfocus.zh-CN.md', 'zh'],
  ] as const) {
    it(`${file} has a row for each operation, with every field`, () => {
      const lines = readFileSync(join(docs, file), 'utf8').split('\n');
      for (const [name, { label, fields }] of Object.entries(OPERATIONS)) {
        const row = lines.find((line) => line.includes(`| \`${name}\` |`)) ?? '';
        assert.ok(row.includes(`| ${label[language]} |`), name);
        for (const field of fields) assert.ok(row.includes(`\`${field.name}`), `${name}.${field.name}`);
      }
    });
  }

  it('limits.md has a row for each limit of the server, with its default', () => {
    const lines = readFileSync(join(docs, 'limits.md'), 'utf8').split('\n');
    for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
      assert.ok(
        lines.some((line) => line.startsWith(`| \`${name}\` | ${value.toLocaleString('en-US')} |`)),
        name,
      );
    }
  });
});
