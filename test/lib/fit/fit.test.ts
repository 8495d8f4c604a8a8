import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import sharp, { type Region } from 'sharp';
import { isSnapflowError, SnapflowError, type ErrorCode } from '../../../lib/errors';
import { fit, type FitOptions } from '../../../lib/fit';
import { readPictureHeader } from '../../../lib/picture';
import { bmp } from '../picture/bmp-writer';
import { colourOf, cornersOf, photo, quarters } from './pictures';

async function refusal(picture: Buffer, options: FitOptions): Promise<SnapflowError> {
  try {
    await fit(picture, options);
  } catch (error) {
    assert.ok(isSnapflowError(error), String(error));
    return error;
  }
  throw new Error('It was not refused.');
}

const refuses = async (picture: Buffer, options: FitOptions, code: ErrorCode): Promise<SnapflowError> => {
  const error = await refusal(picture, options);
  assert.equal(error.code, code, error.message);
  return error;
};

const animation = () =>
  sharp(
    [0, 1, 2].map((n) => ({
      create: { width: 60, height: 40, channels: 3, background: { r: 255, g: 80 * n, b: 0 } },
    })) as never,
    { join: { animated: true } },
  );

/** Statistics look at what a pipeline was given, so the part is written first. */
const partOf = async (encoded: Buffer, part: Region) =>
  sharp(await sharp(encoded).extract(part).png().toBuffer()).stats();

describe('fit', () => {
  it('gives back the same Buffer when the picture fits already, whatever it is', async () => {
    const pictures = [
      await (await photo()).jpeg().toBuffer(),
      await quarters().png().toBuffer(),
      await quarters().webp().toBuffer(),
      await animation().gif().toBuffer(),
      bmp({ bits: 24 }),
    ];
    for (const picture of pictures) {
      const { data, report } = await fit(picture, {
        maxBytes: picture.length,
        maxWidth: 480,
        maxHeight: 270,
        animation: 'refuse',
      });
      assert.equal(data, picture);
      assert.deepEqual([report.action, report.encodes, report.from], ['passed', 0, report.to]);
    }
  });

  it('gives up a picture that takes longer than timeoutMs, and works on the next one', async () => {
    // Noise of 24 megapixels: to write it as PNG takes seconds on any machine.
    const [width, height] = [6_000, 4_000];
    const noise = randomBytes(width * height * 3);
    const big = await sharp(noise, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 30 })
      .toBuffer();
    const error = await refuses(big, { format: 'png', timeoutMs: 1 }, 'TIMEOUT');
    assert.equal(error.retryable, false, 'it would take as long again');
    assert.match(error.message, /longer than 1 s/);
    const small = await (await photo()).jpeg().toBuffer();
    assert.equal((await fit(small, { format: 'png', timeoutMs: 1_000 })).report.to.format, 'png');
  });

  for (const format of ['jpeg', 'png', 'webp', 'gif', 'bmp'] as const) {
    it(`brings a ${format} under the limit and reports what it did`, async () => {
      const source = await photo();
      const picture =
        format === 'bmp'
          ? bmp({ bits: 24, pixels: await source.raw().toBuffer(), width: 480, height: 270 })
          : await source[format]({}).toBuffer();
      const maxBytes = Math.round(picture.length * 0.6);
      const { data, report } = await fit(picture, { maxBytes });
      const { format: reached, width, height } = readPictureHeader(data);
      assert.ok(data.length <= maxBytes);
      assert.deepEqual(report.to, { format: reached, bytes: data.length, width, height });
      assert.deepEqual(report.from.format, format);
      assert.equal(reached, format === 'webp' ? 'webp' : 'jpeg');
      assert.deepEqual([report.action, width, height], ['encoded', 480, 270]);
      assert.ok(report.encodes >= 1 && report.encodes <= 4 && report.tookMs > 0);
      assert.ok((report.quality ?? 0) >= 40 && (report.quality ?? 0) <= 95);
    });
  }

  it('never makes a picture larger than it came', async () => {
    const picture = await (await photo()).jpeg({ quality: 30 }).toBuffer();
    const { data, report } = await fit(picture, { rotate: 180 });
    assert.ok(data.length <= picture.length, `${data.length} > ${picture.length}`);
    assert.ok((report.quality ?? 99) <= 30);
  });

  it('keeps within pixel limits, of the upright picture, in its shape', async () => {
    const picture = await (await photo(400, 200)).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const size = async (options: FitOptions) => {
      const { width, height } = (await fit(picture, options)).report.to;
      return [width, height];
    };
    assert.deepEqual(await size({ maxWidth: 100 }), [100, 200]);
    assert.deepEqual(await size({ maxHeight: 100 }), [50, 100]);
    assert.deepEqual(await size({ maxWidth: 200, maxHeight: 400 }), [400, 200], 'fits: passes as stored');
    const [width = 0, height = 0] = await size({ maxPixels: 20_000 });
    assert.deepEqual([width * height <= 20_000, width > 97, height / width], [true, true, 2]);
  });

  it('converts to the format asked for, and only then', async () => {
    const picture = await quarters().png().toBuffer();
    for (const format of ['jpeg', 'webp'] as const) {
      const { data, report } = await fit(picture, { format });
      assert.equal(readPictureHeader(data).format, format);
      assert.equal(report.action, 'encoded');
      assert.deepEqual(await cornersOf(data), ['red', 'green', 'blue', 'white']);
    }
    assert.equal((await fit(picture, { format: 'png' })).data, picture);
    assert.equal(
      (await fit(picture, { maxWidth: 40 })).report.to.format,
      'png',
      'a drawing stays without loss',
    );
  });

  it('applies every EXIF orientation', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const picture = await quarters().jpeg({ quality: 90 }).withMetadata({ orientation }).toBuffer();
      const { data } = await fit(picture, { maxPixels: 3000 });
      const upright = await sharp(picture).autoOrient().png().toBuffer();
      assert.deepEqual(await cornersOf(data), await cornersOf(upright), `${orientation}`);
      assert.equal((await sharp(data).metadata()).orientation, undefined);
    }
  });

  it('turns, crops, covers, in the coordinates of the upright picture', async () => {
    const picture = await quarters().jpeg({ quality: 95 }).toBuffer();
    const turned = await fit(picture, { rotate: 90 });
    assert.deepEqual(await cornersOf(turned.data), ['blue', 'red', 'white', 'green']);
    assert.deepEqual([turned.report.to.width, turned.report.to.height], [60, 80]);
    const right = await fit(picture, { crop: { left: 50, top: 0, width: 50, height: 100 } });
    assert.deepEqual(await cornersOf(right.data), ['green', 'green', 'white', 'white']);
    const covered = await fit(picture, {
      crop: { left: 50, top: 0, width: 50, height: 100 },
      rotate: 270,
      masks: [{ left: 50, top: 50, width: 50, height: 50 }],
    });
    // The right half turned to the left: green and white side by side; white is covered.
    assert.deepEqual(await cornersOf(covered.data), ['green', 'black', 'green', 'black']);
  });

  it('leaves nothing of a covered part to be seen, black or in squares', async () => {
    const width = 320;
    const stripes = Buffer.alloc(width * 200 * 3, 0);
    for (let at = 0; at < stripes.length; at += 3)
      if (Math.floor(at / 3) % 4 < 2) stripes.fill(255, at, at + 3);
    const picture = await sharp(stripes, { raw: { width, height: 200, channels: 3 } })
      .png()
      .toBuffer();
    const area = { left: 25, top: 25, width: 50, height: 50 };
    const spread = async (options: FitOptions) => {
      const { data } = await fit(picture, options);
      const { channels } = await partOf(data, { left: 88, top: 58, width: 144, height: 84 });
      return channels[0]?.stdev ?? 99;
    };
    assert.ok((await spread({ rotate: 180 })) > 100, 'uncovered');
    assert.ok((await spread({ masks: [area] })) < 1);
    assert.ok((await spread({ masks: [{ ...area, style: 'pixelated' }] })) < 20);
  });

  it('writes a stamp into the corner and tells what it cannot draw', async () => {
    const picture = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#00f' } })
      .jpeg()
      .toBuffer();
    const { data, report } = await fit(picture, {
      stamp: { text: '2026-01-02 门口 GATE', corner: 'top-right', size: 5 },
    });
    assert.equal(report.notDrawn, '门口');
    const brightest = async (left: number, top: number) =>
      (await partOf(data, { left, top, width: 150, height: 16 })).channels[0]?.max ?? 0;
    assert.ok((await brightest(250, 0)) > 200);
    assert.ok((await brightest(0, 0)) < 60);
    assert.ok((await brightest(250, 180)) < 60);
    assert.equal((await fit(picture, { stamp: { text: ' ' } })).data, picture, 'nothing to write');
    await refuses(
      await quarters(8, 8).jpeg().toBuffer(),
      { stamp: { text: 'too long for it' } },
      'BAD_INPUT',
    );
  });

  it('lets the background show where the target knows no transparency, and keeps it where it does', async () => {
    const clear = await sharp({
      create: { width: 60, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    assert.equal(await colourOf((await fit(clear, { format: 'jpeg' })).data, 0.5, 0.5), 'white');
    assert.equal(
      await colourOf((await fit(clear, { format: 'jpeg', background: '#00ff00' })).data, 0.5, 0.5),
      'green',
    );
    for (const format of ['png', 'webp'] as const) {
      const { data } = await fit(clear, { format, rotate: 90 });
      assert.equal((await sharp(data).metadata()).hasAlpha, true, format);
    }
  });

  it('takes the first frame of an animation, or refuses it', async () => {
    for (const picture of [
      await animation().gif().toBuffer(),
      await animation().webp({ lossless: true }).toBuffer(),
    ]) {
      const { data, report } = await fit(picture, { format: 'jpeg' });
      assert.equal(report.from.frames, 3);
      assert.equal((await sharp(data).metadata()).height, 40);
      assert.equal(await colourOf(data, 0.5, 0.5), 'red');
      await refuses(picture, { format: 'jpeg', animation: 'refuse' }, 'UNSUPPORTED_FORMAT');
    }
  });

  it('reads four inks, 16 bits and shades of grey', async () => {
    const inks = await quarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    assert.equal((await sharp(inks).metadata()).space, 'cmyk');
    const deep = await quarters().toColourspace('rgb16').png().toBuffer();
    assert.equal((await sharp(deep).metadata()).depth, 'ushort');
    for (const picture of [inks, deep]) {
      const { data } = await fit(picture, { format: 'jpeg', maxWidth: 60 });
      assert.deepEqual(await cornersOf(data), await cornersOf(picture));
      assert.deepEqual(
        [(await sharp(data).metadata()).space, (await sharp(data).metadata()).depth],
        ['srgb', 'uchar'],
      );
    }
    const grey = await quarters().greyscale().jpeg({ quality: 95 }).toBuffer();
    const { data } = await fit(grey, {
      maxWidth: 60,
      masks: [{ left: 0, top: 0, width: 50, height: 50 }],
    });
    assert.equal(await colourOf(data, 0.25, 0.25), 'black');
    assert.equal(await colourOf(data, 0.75, 0.75), 'white');
  });

  it('refuses too many pixels by the header alone, in milliseconds', async () => {
    const huge = await quarters(16, 16).png().toBuffer();
    huge.writeUInt32BE(30_000, 16);
    huge.writeUInt32BE(30_000, 20);
    const startedAt = performance.now();
    const error = await refuses(huge, { maxBytes: 500_000 }, 'TOO_LARGE');
    assert.ok(performance.now() - startedAt < 100);
    assert.deepEqual(error.details, { width: 30_000, height: 30_000 });
  });

  it('says what it reached when nothing fits', async () => {
    const picture = await (await photo()).jpeg().toBuffer();
    const { details } = await refuses(picture, { maxBytes: 200 }, 'TOO_LARGE');
    const { bytes, limit, reached, encodes } = details as Record<string, number>;
    assert.deepEqual([bytes, limit], [picture.length, 200]);
    assert.ok((reached ?? 0) > 200 && (reached ?? 0) < 1000 && (encodes ?? 9) <= 4);
  });

  it('refuses impossible options by name', async () => {
    const picture = await quarters().jpeg().toBuffer();
    for (const [options, name] of [
      [{ maxBytes: 0 }, 'maxBytes'],
      [{ maxWidth: NaN }, 'maxWidth'],
      [{ minQuality: 0 }, 'minQuality'],
      [{ minQuality: 90, maxQuality: 80 }, 'maxQuality'],
      [{ format: 'tiff' as never }, 'format'],
      [{ rotate: 45 as never }, 'rotate'],
      [{ background: 'white' }, 'background'],
      [{ crop: { left: 60, top: 0, width: 50, height: 100 } }, 'crop'],
      [{ masks: [{ left: -1, top: 0, width: 50, height: 100 }] }, 'masks'],
      [{ stamp: { text: 'x', size: 0 } }, 'stamp.size'],
    ] as Array<[FitOptions, string]>) {
      const { message } = await refuses(picture, options, 'BAD_INPUT');
      assert.match(message, new RegExp(`^${name} `));
    }
  });

  it('stops working on a picture when it is aborted', async () => {
    const picture = await (await photo()).jpeg().toBuffer();
    const aborted = AbortSignal.abort();
    await assert.rejects(fit(picture, { rotate: 90 }, { signal: aborted }), { code: 'CLOSED' });
  });
});
