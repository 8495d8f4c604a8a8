import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeBase64 } from '../../../lib/picture/base64';

const decode = (text: string) => decodeBase64(Buffer.from(text));

/** Longer than three slices, and of no round length. */
const PICTURE = randomBytes(150_001);
const BASE64 = PICTURE.toString('base64');

describe('base64 from bytes', () => {
  it('LF-2.1 reads bare base64 and data URIs', () => {
    assert.deepEqual(decode(BASE64), PICTURE);
    assert.deepEqual(decode(`data:image/jpeg;base64,${BASE64}`), PICTURE);
    assert.deepEqual(decode(`data:image\\/jpeg;base64,${BASE64}`), PICTURE);
  });

  it('reads the url-safe alphabet, missing padding, and padding written as an escape', () => {
    assert.deepEqual(decode(PICTURE.toString('base64url')), PICTURE);
    assert.deepEqual(decode(BASE64.replaceAll('=', '')), PICTURE);
    assert.deepEqual(decode(BASE64.replaceAll('=', '\\u003d')), PICTURE);
    assert.deepEqual(decode(BASE64.replaceAll('=', '\\u003D')), PICTURE);
  });

  it('reads escaped slashes and plus signs, also where they fall between two slices', () => {
    assert.deepEqual(decode(BASE64.replaceAll('/', '\\/')), PICTURE);
    assert.deepEqual(decode(BASE64.replaceAll('+', '\\u002b')), PICTURE);
    // A slice ends after each of the characters of the escape in turn.
    for (let shift = 0; shift < 8; shift++) {
      const text = `${'A'.repeat(65_536 - shift)}\\u002f\\/${'B'.repeat(66 + shift)}`;
      const plain = `${'A'.repeat(65_536 - shift)}//${'B'.repeat(66 + shift)}`;
      assert.deepEqual(decode(text), Buffer.from(plain, 'base64'), `shift ${shift}`);
    }
  });

  it('reads line breaks and blanks, raw and escaped', () => {
    for (const gap of ['\r\n', ' ', '\\r\\n', '\\n', '\t']) {
      assert.deepEqual(decode(BASE64.replace(/(.{76})/g, `$1${gap}`)), PICTURE, JSON.stringify(gap));
    }
  });

  it('gives nothing for what is no base64', () => {
    for (const text of [
      '照片',
      '<html><body>404</body></html>',
      'AAAA=AAAA',
      'AAAA\\x41',
      'A',
      'sdcard/1/2.jpg',
      'ab"c',
      'AAAA\\',
    ]) {
      assert.equal(decode(text), undefined, text);
    }
    assert.equal(decode(`${BASE64.slice(0, 70_000)}照${BASE64.slice(70_000)}`), undefined);
  });

  it('gives the same bytes whatever is decoded from within a document', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(20), fc.boolean(), (bytes, offset, escape) => {
        const plain = Buffer.from(bytes);
        const text = plain.toString('base64');
        const written = escape ? text.replaceAll('/', '\\/') : text;
        const document = Buffer.from(`${'"'.repeat(offset)}${written}"}`);
        const decoded = decodeBase64(document, offset, offset + written.length);
        assert.deepEqual(decoded, plain);
      }),
    );
  });
});
