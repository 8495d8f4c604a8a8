import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePicture, readPictureHeader, sniffFormat, suggestFilename } from '../../../lib/picture';

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from('0000028000000168', 'hex'),
  Buffer.alloc(24),
]);
const gif = Buffer.concat([Buffer.from('GIF89a'), Buffer.from('0a001400', 'hex'), Buffer.alloc(8)]);
const source = { system: 'huawei' as const, device: '192.0.2.7', channel: '101', kind: 'snapshot' };

describe('picture', () => {
  it('tells format and size by the bytes', () => {
    assert.deepEqual(readPictureHeader(png), { format: 'png', mime: 'image/png', width: 640, height: 360 });
    assert.deepEqual(readPictureHeader(gif), { format: 'gif', mime: 'image/gif', width: 10, height: 20 });
  });

  it('keeps a picture whose header does not tell its size', () => {
    const cut = Buffer.from('ffd8ffe000104a46494600010101', 'hex');
    assert.deepEqual(readPictureHeader(cut), { format: 'jpeg', mime: 'image/jpeg', width: 0, height: 0 });
  });

  it('is not fooled by words that begin like a picture', () => {
    assert.equal(sniffFormat(Buffer.from('BM is a car maker, too')), undefined);
    assert.equal(sniffFormat(Buffer.from('GIF pictures are …')), undefined);
  });

  it('refuses an empty picture and one of no known format, and shows what came instead', () => {
    assert.throws(() => readPictureHeader(Buffer.alloc(0)), { code: 'BAD_INPUT' });
    assert.throws(() => readPictureHeader(Buffer.from('<html>Bad gateway</html>')), {
      code: 'UNSUPPORTED_FORMAT',
      message: /<html>Bad gateway/,
    });
  });

  it('gives the same id for the same bytes of the same device at the same time, and only then', () => {
    const takenAt = new Date('2026-11-22T03:04:05.678Z');
    const id = makePicture(png, { source, takenAt }).info.id;
    assert.match(id, /^[0-9a-f]{24}$/);
    assert.equal(makePicture(Buffer.from(png), { source: { ...source }, takenAt }).info.id, id);
    assert.notEqual(makePicture(png, { source, takenAt: new Date(0) }).info.id, id);
    assert.notEqual(makePicture(png, { source: { ...source, device: 'other' }, takenAt }).info.id, id);
  });

  it('gives an id that is copied like any other field, whether or not it was asked for before', () => {
    const { info } = makePicture(png, { source, takenAt: '2026-11-22T03:04:05.678Z' });
    const fields = ['id', 'format', 'mime', 'width', 'height', 'bytes', 'takenAt', 'source'];
    assert.deepEqual(Reflect.ownKeys({ ...info }), fields);
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(info)) as object), fields);
    assert.deepEqual(structuredClone(info), { ...info, id: info.id });
    const other = makePicture(png, { source }).info;
    other.id = 'one of the user’s';
    assert.equal(other.id, 'one of the user’s');
  });

  it('suggests a file name that no device name can turn into a path', () => {
    const takenAt = new Date('2026-11-22T03:04:05.678Z');
    assert.equal(
      suggestFilename(makePicture(png, { source, takenAt }).info, 2),
      '192.0.2.7-20261122T030405678Z-2.png',
    );
    const hostile = { ...source, device: '../../etc/南门 camera\\..:' };
    assert.equal(
      suggestFilename(makePicture(png, { source: hostile, takenAt }).info),
      'etc-南门-camera-20261122T030405678Z-1.png',
    );
  });
});
