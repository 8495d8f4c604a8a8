import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jpegAxis, webpAxis } from '../../../lib/fit/axis';
import { jpegQuality } from '../../../lib/fit/jpeg-quality';
import { quarters } from './pictures';

const table = (precisionAndId: string, value: string) => precisionAndId + value.repeat(64);
const withTables = (...tables: string[]) => {
  const payload = Buffer.from(tables.join(''), 'hex');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length + 2);
  return Buffer.concat([Buffer.from('ffd8ffdb', 'hex'), length, payload, Buffer.from('ffd9', 'hex')]);
};

describe('the quality of a JPEG', () => {
  it('is that with which it was made', async () => {
    for (const quality of [20, 25, 40, 50, 60, 75, 85, 92, 95, 100]) {
      const found = jpegQuality(await quarters().jpeg({ quality }).toBuffer()) ?? 0;
      assert.ok(Math.abs(found - quality) <= 1, `${quality}: ${found}`);
    }
  });

  it('comes from the table of the luminance, also behind others and with 16 bits', () => {
    const plain = jpegQuality(withTables(table('00', '10')));
    assert.equal(jpegQuality(withTables(table('01', '7f'), table('00', '10'))), plain);
    assert.equal(jpegQuality(withTables(table('10', '0010'))), plain);
  });

  it('is unknown without tables', () => {
    for (const hex of ['ffd8ffd9', 'ffd8ffdb0043000102', 'ffd8', '', 'ffd8ffdb0000']) {
      assert.equal(jpegQuality(Buffer.from(hex, 'hex')), undefined, hex);
    }
    assert.equal(jpegQuality(withTables(table('00', '10').slice(0, 40))), undefined);
  });
});

describe('the axes of quality', () => {
  for (const [name, axis] of Object.entries({ jpegAxis, webpAxis })) {
    it(`${name} leads back and forth, ever upwards`, () => {
      for (let quality = 1; quality <= 99; quality++) {
        const position = axis.position(quality);
        assert.ok(Math.abs(axis.quality(position) - quality) < 0.01, `${quality}`);
        assert.ok(axis.position(quality + 1) > position || quality === 99, `${quality}`);
      }
    });
  }
});
