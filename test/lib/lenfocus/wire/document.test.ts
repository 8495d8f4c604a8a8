import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSnapflowError } from '../../../../lib/errors';
import { readDocument, withoutLongTexts } from '../../../../lib/lenfocus/wire/document';
import { LongText } from '../../../../lib/lenfocus/wire/long-text';

const LIMITS = { maxTextBytes: 100_000, maxLongTexts: 8 };
const read = (text: string | Buffer) => readDocument(Buffer.from(text), LIMITS);

const code = (expected: string) => (error: unknown) => isSnapflowError(error) && error.code === expected;

describe('a JSON document with pictures in it', () => {
  it('LF-2.1 hands out long strings as bytes and parses the rest', () => {
    const picture = randomBytes(60_000);
    const value = read(
      JSON.stringify({ did: '1', name: '张三', data: { bg_data: picture.toString('base64'), n: [1, 'x'] } }),
    ) as { did: string; name: string; data: { bg_data: LongText; n: unknown } };
    assert.equal(value.did, '1');
    assert.equal(value.name, '张三');
    assert.deepEqual(value.data.n, [1, 'x']);
    assert.ok(value.data.bg_data instanceof LongText);
    assert.deepEqual(value.data.bg_data.bytes(), picture);
  });

  it('gives back what JSON.parse gives for any document, long strings included', () => {
    const long = fc.string({ unit: 'binary', minLength: 500, maxLength: 1_200 });
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        long,
        fc.integer(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        const limits = { maxTextBytes: 10_000_000, maxLongTexts: 10_000 };
        const own: unknown = withoutLongTexts(readDocument(Buffer.from(text), limits));
        assert.deepEqual(own, JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps long strings apart whose ends look like ends of strings', () => {
    const tricky = [
      `${'x'.repeat(600)}\\`,
      `${'"'.repeat(600)}`,
      `${'\\"'.repeat(400)}`,
      `${'y'.repeat(511)}`,
    ];
    const value = read(JSON.stringify(tricky));
    assert.deepEqual(withoutLongTexts(value), tricky);
  });

  it('reads a document that starts with a byte order mark', () => {
    assert.deepEqual(read(Buffer.from('\ufeff{"a":1}')), { a: 1 });
  });

  it('refuses more text, more long strings and deeper nesting than allowed', () => {
    assert.throws(
      () => read(JSON.stringify(['y'.repeat(400)].concat(Array<string>(400).fill('z'.repeat(400))))),
      code('TOO_LARGE'),
    );
    assert.throws(() => read('""'.repeat(60_000)), code('TOO_LARGE'));
    assert.throws(() => read(`["${'\\"'.repeat(110_000)}"]`), code('TOO_LARGE'));
    assert.throws(() => read(JSON.stringify(Array(9).fill('A'.repeat(600)))), code('TOO_LARGE'));
    assert.throws(() => read('['.repeat(70) + ']'.repeat(70)), code('BAD_INPUT'));
  });

  it('refuses what is no JSON', () => {
    for (const text of [
      '',
      '{',
      `{"a":"${'A'.repeat(600)}`,
      `{"a":"${'A'.repeat(600)}"`,
      'data:image/jpeg;base64,AAAA',
      '\0\0',
    ]) {
      assert.throws(() => read(text), code('BAD_INPUT'), text.slice(0, 20));
    }
  });

  it('cannot be fooled by a string that looks like a place holder of an earlier document', () => {
    const long = 'A'.repeat(600);
    // What stands in for a long string is not known outside; the nearest a sender can come is a guess.
    for (const guess of ['0', '1', '@0', `${'g'.repeat(48)}0`]) {
      const value = read(JSON.stringify({ a: long, b: guess })) as { b: unknown };
      assert.equal(value.b, guess);
    }
  });
});
