import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bitString, element, integer, objectIdentifier, time } from '../../../lib/simulators/der';

const hex = (bytes: Buffer) => bytes.toString('hex');

describe('DER', () => {
  it('writes lengths in the short and the long form', () => {
    assert.equal(hex(element(0x04, Buffer.from('ab', 'hex'))), '0401ab');
    assert.equal(hex(element(0x04, Buffer.alloc(127)).subarray(0, 2)), '047f');
    assert.equal(hex(element(0x04, Buffer.alloc(128)).subarray(0, 3)), '048180');
    assert.equal(hex(element(0x04, Buffer.alloc(0x1234)).subarray(0, 4)), '04821234');
  });

  it('writes integers without leading zeros, but never as negative', () => {
    assert.equal(hex(integer(Buffer.from([0]))), '020100');
    assert.equal(hex(integer(Buffer.from([0, 0, 0x7f]))), '02017f');
    assert.equal(hex(integer(Buffer.from([0x80]))), '02020080');
  });

  it('writes object identifiers in base 128', () => {
    assert.equal(hex(objectIdentifier('1.2.840.113549')), '06062a864886f70d');
    assert.equal(hex(objectIdentifier('2.5.29.17')), '0603551d11');
  });

  it('counts the unused bits of a bit string', () => {
    assert.equal(hex(bitString(Buffer.from([0x84]), 2)), '03020284');
  });

  it('writes the year with two digits through 2049, with four from 2050', () => {
    assert.equal(time(new Date('2049-12-31T23:59:59Z')).toString('latin1', 2), '491231235959Z');
    assert.equal(time(new Date('2050-01-01T00:00:00Z')).toString('latin1', 2), '20500101000000Z');
  });
});
