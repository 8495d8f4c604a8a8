import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseChallenges } from '../../../lib/http';

/** Challenges as plain values. */
function read(header: string | string[] | undefined): unknown[] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('challenges', () => {
  it('HW-1 reads several challenges in one header, with commas and = inside of quotes', () => {
    assert.deepEqual(
      read(
        'Digest realm="a, b=c", nonce="x=,y==", qop="auth,auth-int", Basic realm="Web", Digest nonce=z, stale=TRUE',
      ),
      [
        ['digest', { realm: 'a, b=c', nonce: 'x=,y==', qop: 'auth,auth-int' }],
        ['basic', { realm: 'Web' }],
        ['digest', { nonce: 'z', stale: 'TRUE' }],
      ],
    );
  });

  it('HW-1 reads several headers', () => {
    assert.deepEqual(read(['Digest nonce="1"', 'Digest nonce="2", algorithm=SHA-256', 'Negotiate']), [
      ['digest', { nonce: '1' }],
      ['digest', { nonce: '2', algorithm: 'SHA-256' }],
      ['negotiate', {}],
    ]);
  });

  it('reads what devices write: any case, blanks, tabs, missing commas, no quotes, escapes, no end', () => {
    assert.deepEqual(read('DIGEST  Realm = "\\"Front\\\\door\\"" ,\tNONCE=abc==,,  qop = auth'), [
      ['digest', { realm: '"Front\\door"', nonce: 'abc==', qop: 'auth' }],
    ]);
    assert.deepEqual(read('Digest realm="a" nonce="b"\topaque=""'), [
      ['digest', { realm: 'a', nonce: 'b', opaque: '' }],
    ]);
    assert.deepEqual(read('Digest nonce="b", realm="never ends, qop=auth'), [
      ['digest', { nonce: 'b', realm: 'never ends, qop=auth' }],
    ]);
    assert.deepEqual(read('Digest qop=auth,auth-int, nonce=n'), [
      ['digest', { qop: 'auth,auth-int', nonce: 'n' }],
    ]);
    assert.deepEqual(read('Digest nonce="first", nonce="second"'), [['digest', { nonce: 'first' }]]);
  });

  it('passes over what belongs to no challenge', () => {
    assert.deepEqual(read(undefined), []);
    assert.deepEqual(read(['', ' , ,']), []);
    assert.deepEqual(read('Negotiate TlRM/TVN+TUAA==, Digest nonce=1, NTLM'), [
      ['negotiate', {}],
      ['digest', { nonce: '1' }],
      ['ntlm', {}],
    ]);
    assert.deepEqual(read('x="1", Digest nonce=1'), [['digest', { nonce: '1' }]]);
  });

  it('gives back every challenge that is written by the grammar (fuzzed)', () => {
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((word) => !/^auth(-int)?$/.test(word));
    const value = fc.string({ unit: fc.constantFrom(...'aB1 ,="\\:/;é\t'), maxLength: 12 });
    const challenge = fc.record({
      scheme: token,
      parameters: fc.uniqueArray(fc.tuple(token, value, fc.boolean()), {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 5,
      }),
    });
    const gap = fc.constantFrom(', ', ',', ' , ,\t');
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), gap, (challenges, comma) => {
        const header = challenges
          .map(({ scheme, parameters }) => {
            const written = parameters.map(([name, text, bare]) =>
              bare && /^[a-zA-Z0-9:/;]+$/.test(text)
                ? `${name}=${text}`
                : `${name}="${text.replace(/["\\]/g, '\\$&')}"`,
            );
            return `${scheme} ${written.join(comma)}`;
          })
          .join(comma);
        assert.deepEqual(
          read(header),
          challenges.map(({ scheme, parameters }) => [
            scheme,
            Object.fromEntries(parameters.map(([name, text]) => [name, text])),
          ]),
        );
      }),
      { verbose: true, ...seeded() },
    );
  });

  it('ends on every input and makes nothing up (fuzzed)', () => {
    const piece = fc.constantFrom(
      'Digest',
      'qop',
      '=',
      '"',
      '\\',
      ',',
      ' ',
      '\t',
      'a',
      '/',
      '==',
      '\u0000',
      'é',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        const line = pieces.join('');
        const length = parseChallenges(line).reduce(
          (sum, { scheme, parameters }) =>
            sum +
            scheme.length +
            [...parameters].reduce((all, [name, text]) => all + name.length + text.length, 0),
          0,
        );
        assert.ok(length <= line.length);
      }),
      { verbose: true, ...seeded() },
    );
    for (const hard of [
      'a'.repeat(1e5),
      ' '.repeat(1e5),
      '"'.repeat(1e5),
      'a '.repeat(5e4),
      `a="${'\\"'.repeat(5e4)}`,
    ])
      parseChallenges(`Digest ${hard}`);
  });
});

/** The seed of a run is printed, so that a failure can be played again. */
function seeded(): { seed: number } {
  const seed = Date.now() % 2 ** 31;
  console.log(`fast-check seed ${seed}`);
  return { seed };
}
