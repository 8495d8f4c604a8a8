import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../../../lib/lenfocus/wire/json';

describe('JSON as cameras write it', () => {
  it('X-LF-a keeps integers beyond 2^53 as text: the pid of a real camera is 2^63', () => {
    assert.deepEqual(parseJson('{"pid":9223372036854775808,"min":-9223372036854775809,"did":0}'), {
      pid: '9223372036854775808',
      min: '-9223372036854775809',
      did: 0,
    });
    assert.deepEqual(parseJson('[18446744073709551615]'), ['18446744073709551615']);
  });

  it('leaves integers that fit, fractions, exponents and digits inside strings as they are', () => {
    const text =
      '{"a":9007199254740991,"b":0.12345678901234567890,"c":1234567890123456789e2,"d":1e-0000000000000001,' +
      '"e":"9223372036854775808","f":"\\"9223372036854775808","g\\\\":9007199254740993}';
    const parsed = parseJson(text) as Record<string, unknown>;
    const { a, b, c, d, e, f } = parsed;
    assert.deepEqual(
      [a, b, c, d, e, f],
      [
        9007199254740991,
        0.12345678901234568,
        1.234567890123456789e20,
        0.1,
        '9223372036854775808',
        '"9223372036854775808',
      ],
    );
    assert.equal(parsed['g\\'], '9007199254740993');
  });

  it('reads every other document as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        fc.pre(!/\d{16}/.test(text));
        assert.deepEqual(parseJson(text), JSON.parse(text));
      }),
    );
  });

  it('refuses what is no JSON', () => {
    for (const text of ['', '{', '{"a":9223372036854775808', "{'a':1}", '{"uri"："/connect"}']) {
      assert.throws(() => parseJson(text), SyntaxError);
    }
  });
});
