import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from 'jpeg-js';
import { hasJpegEnd } from '../../../lib/picture/jpeg-end';

const picture = (size: number) =>
  Buffer.from(encode({ data: Buffer.alloc(size * size * 4, 99), width: size, height: size }, 70).data);
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** The picture with a whole smaller one in its headers, as cameras add a thumbnail. */
function withThumbnail(jpeg: Buffer): Buffer {
  const thumbnail = picture(8);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(thumbnail.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), hex('ffe1'), length, thumbnail, jpeg.subarray(2)]);
}

describe('the end of a JPEG', () => {
  const jpeg = picture(40);

  it('is there in a whole picture, and in no shorter piece of it', () => {
    assert.equal(hasJpegEnd(jpeg), true);
    for (let length = 0; length < jpeg.length; length++) {
      assert.equal(hasJpegEnd(jpeg.subarray(0, length)), false, `${length} bytes`);
    }
  });

  it('need not be the last bytes', () => {
    for (const padding of [hex('00'), Buffer.alloc(4096), hex('ffff'), Buffer.from('private data')]) {
      assert.equal(hasJpegEnd(Buffer.concat([jpeg, padding])), true);
    }
  });

  it('is not that of a thumbnail in the headers', () => {
    const whole = withThumbnail(jpeg);
    assert.equal(hasJpegEnd(whole), true);
    for (let length = 0; length < whole.length; length++) {
      assert.equal(hasJpegEnd(whole.subarray(0, length)), false, `${length} bytes`);
    }
  });

  it('is found behind fill bytes and behind headers that are no segments', () => {
    assert.equal(hasJpegEnd(hex('ffd8 ffffff e0 0004 0102 ffda 0002 1234 ffd9')), true);
    assert.equal(hasJpegEnd(hex('ffd8 ffe0 0004 0102 0000 1234 ffd9')), true);
    assert.equal(hasJpegEnd(hex('ffd8 ffe0 0004 ffd9 0000 1234 ffd8')), false);
  });
});
