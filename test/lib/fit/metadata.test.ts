import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { fit, type FitOptions } from '../../../lib/fit';
import { readExif, writeExif } from '../../../lib/fit/exif';
import { cleanJpeg, exifOf } from '../../../lib/fit/jpeg-metadata';
import { padJpeg } from '../../../lib/simulators/scene';
import { cornersOf, photo, quarters } from './pictures';

const SECRETS = ['SERIAL-4711', 'Jane Doe', 'GPSLatitude', 'private note'];

/** A JPEG with a place, a serial number, names and a note beside what may stay. */
async function talkative(orientation = 6): Promise<Buffer> {
  const jpeg = await (
    await photo()
  )
    .jpeg({ quality: 92 })
    .withExif({
      IFD0: {
        Make: 'Snapflow',
        Model: 'SIM-1',
        DateTime: '2026:01:02 03:04:05',
        Artist: 'Jane Doe',
        ImageDescription: 'private note',
      },
      IFD2: {
        DateTimeOriginal: '2026:01:02 03:04:05',
        BodySerialNumber: 'SERIAL-4711',
        CameraOwnerName: 'Jane Doe',
        ExposureTime: '1/50',
      },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">private note GPSLatitude</x:xmpmeta>')
    .withMetadata({ orientation })
    .toBuffer();
  return padJpeg(jpeg, jpeg.length + 2000);
}

const says = (picture: Buffer, words: string) => picture.includes(words);
const gps = async (picture: Buffer) =>
  (await sharp(picture).metadata()).exif?.includes(Buffer.from([0x88, 0x25])) ?? false;

describe('metadata', () => {
  it('of a picture encoded anew is by default time, camera and exposure, without place, number and names', async () => {
    const source = await talkative();
    for (const secret of SECRETS.slice(0, 2)) assert.ok(says(source, secret), secret);
    const { data, report } = await fit(source, { maxWidth: 100 });
    assert.equal(report.action, 'encoded');
    for (const kept of ['Snapflow', 'SIM-1', '2026:01:02 03:04:05']) assert.ok(says(data, kept), kept);
    for (const secret of SECRETS) assert.equal(says(data, secret), false, secret);
    assert.equal(await gps(data), false);
    assert.equal((await sharp(data).metadata()).orientation, undefined);
  });

  it('goes altogether, or stays with an orientation that fits the turned pixels', async () => {
    const source = await talkative();
    const dropped = await fit(source, { maxWidth: 100, metadata: 'drop' });
    assert.equal((await sharp(dropped.data).metadata()).exif, undefined);
    const kept = await fit(source, { maxWidth: 200, metadata: 'keep' });
    const { orientation, width, height } = await sharp(kept.data).metadata();
    assert.deepEqual([orientation, width, height], [1, 200, 356]);
    for (const word of ['SERIAL-4711', 'private note']) assert.ok(says(kept.data, word), word);
  });

  it('of a cropped or covered picture is never kept whole: its thumbnail would show what is hidden', async () => {
    const mask = { left: 0, top: 0, width: 10, height: 10 };
    const { data } = await fit(await talkative(), { metadata: 'keep', masks: [mask] });
    assert.equal(says(data, 'SERIAL-4711'), false);
    assert.ok(says(data, 'SIM-1'));
  });

  it('is taken out first when only it is too much: no pixel changes', async () => {
    const source = await talkative();
    const { data, report } = await fit(source, { maxBytes: source.length - 1500 });
    assert.deepEqual([report.action, report.encodes], ['cleaned', 0]);
    const pixels = (picture: Buffer) => sharp(picture).raw().toBuffer();
    assert.ok((await pixels(data)).equals(await pixels(source)));
    assert.equal((await sharp(data).metadata()).orientation, 6);
    for (const secret of SECRETS) assert.equal(says(data, secret), false, secret);
    const kept = await fit(source, { maxBytes: source.length - 1500, metadata: 'keep' });
    assert.equal(kept.report.action, 'encoded');
  });

  it('of a picture that fits stays, unless the user asks', async () => {
    const source = await talkative();
    assert.equal((await fit(source)).data, source);
    const { data, report } = await fit(source, { clean: true });
    assert.equal(report.action, 'cleaned');
    assert.equal(says(data, 'SERIAL-4711'), false);
    assert.equal((await fit(data, { clean: true })).data, data, 'nothing more to clean');
  });

  it('is taken out of PNG and WebP without loss as well', async () => {
    for (const format of ['png', 'webp'] as const) {
      const source = await quarters()
        [format]({ ...(format === 'webp' && { lossless: true }) })
        .withExif({ IFD0: { Artist: 'Jane Doe' } })
        .toBuffer();
      assert.ok(says(source, 'Jane Doe'));
      const { data, report } = await fit(source, { clean: true });
      assert.equal(report.action, 'cleaned');
      assert.equal(says(data, 'Jane Doe'), false);
      assert.deepEqual(await cornersOf(data), ['red', 'green', 'blue', 'white']);
      assert.equal((await sharp(data).metadata()).exif, undefined);
    }
  });

  it('keeps what stands behind the picture out, and a picture without end as it is', async () => {
    const jpeg = await (await photo()).jpeg({ progressive: true }).toBuffer();
    const trailed = Buffer.concat([jpeg, Buffer.from('a film follows')]);
    assert.deepEqual(cleanJpeg(trailed, 'safe'), cleanJpeg(jpeg, 'safe'));
    assert.equal(cleanJpeg(jpeg.subarray(0, -2), 'safe'), undefined);
    await assertSame(jpeg, cleanJpeg(trailed, 'safe'));
  });

  it('is read in both byte orders, and broken EXIF is none', async () => {
    const exif = exifOf(await talkative(8));
    assert.equal(exif?.orientation, 8);
    const again = writeExif(exif, 3, true);
    assert.ok(again);
    assert.equal(readExif(again)?.orientation, 3);
    const turned = writeExif({ ...exif, littleEndian: false, main: [], exif: [] }, 6, false);
    assert.ok(turned);
    assert.equal(turned.toString('latin1', 6, 8), 'MM');
    assert.equal(readExif(turned)?.orientation, 6);
    for (let length = 0; length < again.length; length++) readExif(again.subarray(0, length));
    assert.equal(readExif(Buffer.from('Exif\0\0XX*\0', 'latin1')), undefined);
  });
});

async function assertSame(one: Buffer, other: Buffer | undefined): Promise<void> {
  assert.ok(other);
  const options: FitOptions = { rotate: 180 };
  assert.deepEqual((await fit(one, options)).report.to.width, (await fit(other, options)).report.to.width);
  const pixels = (picture: Buffer) => sharp(picture).raw().toBuffer();
  assert.ok((await pixels(one)).equals(await pixels(other)));
}
