import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import { jpegSize } from '../../../lib/picture/jpeg-size';
import { Scene } from '../../../lib/simulators/scene';

const none = { width: 0, height: 0 };
const jpeg = new Scene({ name: 'A', width: 70, height: 41 }).picture();
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

describe('jpegSize', () => {
  it('reads what an encoder writes, also behind long segments', () => {
    assert.deepEqual(jpegSize(jpeg), { width: 70, height: 41 });
    assert.deepEqual(
      jpegSize(new Scene({ name: 'A', width: 640, height: 360 }).picture({ bytes: 300_000 })),
      {
        width: 640,
        height: 360,
      },
    );
    const { width, height } = readPictureHeader(jpeg);
    assert.deepEqual({ width, height }, { width: 70, height: 41 });
  });

  it('reads every kind of frame, and none from a Huffman or arithmetic table', () => {
    for (const marker of ['c0', 'c1', 'c2', 'c3', 'c5', 'c9', 'cf']) {
      const bytes = hex(`ffd8 ffc4 0004 0102 ffcc 0004 0102 ff${marker} 000b 08 0102 0304 01 01 11 00`);
      assert.deepEqual(jpegSize(bytes), { width: 0x304, height: 0x102 }, marker);
    }
  });

  it('skips fill bytes before a marker', () => {
    assert.deepEqual(jpegSize(hex('ffd8 ffff ffff ffc0 000b 08 0102 0304 01 01 11 00')), {
      width: 0x304,
      height: 0x102,
    });
  });

  it('knows no size of a picture that is cut or broken in its headers', () => {
    const frame = jpeg.indexOf(hex('ffc0'));
    assert.deepEqual(jpegSize(jpeg.subarray(0, frame + 8)), none);
    assert.deepEqual(jpegSize(jpeg.subarray(0, 3)), none);
    assert.deepEqual(jpegSize(Buffer.concat([hex('ffd8ffe0'), Buffer.alloc(1_000_000, 0x5a)])), none);
    assert.deepEqual(jpegSize(hex('ffd8 ffe0 0000 0000 0000 0000 0000')), none);
  });
});
