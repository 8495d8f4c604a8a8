import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../lib/errors';
import { help, LANGUAGES, manifest, nodeParts, parts, root, strings, type Part } from './support/package';

const HEADINGS: Record<string, string> = {
  Inputs: '输入',
  Outputs: '输出',
  Details: '详情',
  References: '参考',
};

const places = (text: string) => (text.match(/__\w+?__/g) ?? []).sort();
const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1] as string);

function codeOf({ folder }: Part): string {
  return readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');
}

/** Every locale key that the html of a part names, as it stands there. */
function keysOfHtml({ html }: Part): string[] {
  return [
    ...matches(html, /data-i18n="([^"]+)"/g).map((key) => key.replace(/^\[\w+\]/, '')),
    ...matches(html, /\b_\(\s*'([^']+)'\s*[,)]/g),
    ...matches(html, /this\.reason\(opt, '([^']+)'/g),
  ];
}

/** Whether a key, in the namespace of a part or with its own, has words. */
function hasWords(key: string, part: Part): boolean {
  const [namespace, name] = key.includes(':') ? key.split(':') : [`${manifest.name}/${part.name}`, key];
  const owner = parts.find((one) => `${manifest.name}/${one.name}` === namespace);
  return owner !== undefined && strings(owner, 'en-US').has(name as string);
}

const shared = parts.find(({ isPlugin }) => isPlugin) as Part;

describe('words of the editor', () => {
  for (const part of parts) {
    const [english, chinese] = LANGUAGES.map((language) => strings(part, language)) as [
      Map<string, string>,
      Map<string, string>,
    ];

    it(`${part.name}: the same keys and places in both languages`, () => {
      assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort());
      for (const [key, text] of english) {
        assert.notEqual(text.trim(), '', key);
        assert.notEqual(chinese.get(key)?.trim(), '', key);
        assert.deepEqual(places(chinese.get(key) ?? ''), places(text), key);
      }
    });

    it(`${part.name}: every word that is asked for is there`, () => {
      assert.deepEqual(
        keysOfHtml(part).filter((key) => !hasWords(key, part)),
        [],
      );
      // A status may be shown by a file that the nodes of a folder share.
      const family = nodeParts.filter(({ folder }) => folder === part.folder);
      const statuses = matches(codeOf(part), /status\.(?:word|text)\('\w+', '([^']+)'/g);
      assert.deepEqual(
        part.isPlugin ? [] : statuses.filter((key) => !family.some((one) => hasWords(key, one))),
        [],
      );
      assert.deepEqual(
        matches(codeOf(part), /sharedKey\('([^']+)'\)/g).filter((key) => !hasWords(key, shared)),
        [],
      );
    });

    it(`${part.name}: has no words that nobody asks for`, () => {
      const readers = part.isPlugin ? parts : parts.filter(({ folder }) => folder === part.folder);
      const code = readers.map((reader) => reader.html + codeOf(reader)).join('\n');
      const continued = matches(code, /['`]([\w.]+\.)(?:' \+|\$\{)/g);
      const idle = [...english.keys()].filter(
        (key) => !code.includes(key) && !continued.some((start) => key.startsWith(start)),
      );
      assert.deepEqual(idle, []);
    });
  }

  it('has a short status word for every error code', () => {
    for (const language of LANGUAGES) {
      const words = strings(shared, language);
      for (const code of [...ERROR_CODES, 'UNEXPECTED']) {
        const word = words.get(`status.${code}`);
        assert.ok(word && word.length <= 20, `${language} ${code}: ${word}`);
      }
      assert.equal(words.get('language'), language);
    }
  });
});

describe('help', () => {
  const outline = (html: string) => matches(html, /<h3>([^<]+)<\/h3>/g);
  const properties = (html: string) => matches(html, /<dt[^>]*>\s*([^<\s][^<]*?)\s*</g);

  for (const part of nodeParts) {
    const english = help(part, 'en-US');
    const chinese = help(part, 'zh-CN');

    it(`${part.name}: has the same outline in both languages`, () => {
      for (const html of [english, chinese]) {
        assert.match(html, new RegExp(`^<script type="text/html" data-help-name="${part.name}">\\s*<p>`));
        assert.doesNotMatch(html, /<(b|i)>/);
      }
      const headings = outline(english);
      assert.deepEqual(
        outline(chinese),
        headings.map((heading) => HEADINGS[heading]),
      );
      assert.ok(headings.includes('Details') && headings.includes('References'), headings.join());
      const count = properties(english).length;
      assert.equal(properties(chinese).length, count);
      assert.deepEqual(matches(chinese, /<(\/?\w+)/g), matches(english, /<(\/?\w+)/g));
    });

    it(`${part.name}: tells what goes in and comes out`, () => {
      const config = /category: 'config'/.test(part.html);
      const wanted = [
        ...(!config && !/inputs: 0/.test(part.html) ? ['Inputs'] : []),
        ...(!config && !/outputs: 0/.test(part.html) ? ['Outputs'] : []),
        'Details',
        'References',
      ];
      assert.deepEqual(outline(english), wanted);
    });
  }
});
