import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { closedError, SnapflowError } from '../../../lib/errors';
import { readMultipart, type MultipartOptions, type Part } from '../../../lib/http/multipart';

/** Bytes of a text in which every character stands for one byte. */
const bytes = (...texts: string[]) => Buffer.from(texts.join(''), 'latin1');

/** The picture of the fixtures: all that looks like a delimiter of `frame`, and is none, between two line ends. */
const picture =
  '\xff\xd8\xff\xe0\r\n--\r\n\r\n--fram\r\n--frameX\r\n--frame-\r\n--frame \x00\r\n--frame--X\r\n--frame\r' +
  '\x00\n--frame\r\n-\r--frame--\r\n\xff\xd9\r';
/** The same for bodies with LF: there, `\n--frame` and a line end would be a delimiter. */
const pictureInLf = '\xff\xd8\xff\xe0\n--\n\n--fram\n--frameX\n--frame-\n--frame--X\r--frame\n\xff\xd9\r';

interface Shape {
  title: string;
  contentType?: string;
  body: Buffer;
  parts: Array<Partial<Omit<Part, 'body'>> & { body: string }>;
}

const formData = 'multipart/form-data; boundary=frame';
const two = (body: string) => [
  { contentType: 'application/json', body: '{"n":1}' },
  { contentType: 'image/jpeg', body },
];

const shapes: Shape[] = [
  {
    title: 'form-data with names and file names',
    contentType: formData,
    body: bytes(
      '--frame\r\n',
      'Content-Disposition: form-data; name="info"\r\n',
      'Content-Type: application/json; charset=UTF-8\r\n\r\n',
      '{"n":1}\r\n',
      '--frame\r\n',
      'Content-Disposition: form-data; name="Picture"; filename="a.jpg"\r\n',
      'Content-Type: image/jpeg\r\n\r\n',
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: [
      {
        headers: {
          'content-disposition': 'form-data; name="info"',
          'content-type': 'application/json; charset=UTF-8',
        },
        contentType: 'application/json',
        name: 'info',
        body: '{"n":1}',
      },
      {
        headers: {
          'content-disposition': 'form-data; name="Picture"; filename="a.jpg"',
          'content-type': 'image/jpeg',
        },
        contentType: 'image/jpeg',
        name: 'Picture',
        filename: 'a.jpg',
        body: picture,
      },
    ],
  },
  {
    title: 'form-data without a file name, the picture labelled with a charset',
    contentType: formData,
    body: bytes(
      '--frame\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: image/jpeg; charset=UTF-8\r\n\r\n',
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: [{ contentType: 'image/jpeg', name: 'file', body: picture }],
  },
  {
    title: 'form-data without any Content-Disposition',
    contentType: formData,
    body: bytes(
      '--frame\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
      '--frame\r\nContent-Type: image/jpeg\r\n\r\n',
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: two(picture),
  },
  {
    title: 'mixed with attachments',
    contentType: 'multipart/mixed; boundary=frame',
    body: bytes(
      '--frame\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
      '--frame\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=b.jpg\r\n\r\n',
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: [two('')[0]!, { contentType: 'image/jpeg', filename: 'b.jpg', body: picture }],
  },
  {
    title: 'related with the root named',
    contentType: 'multipart/related; type="application/json"; start="<a;boundary=b>"; boundary=frame',
    body: bytes(
      '--frame\r\nContent-Type: application/json\r\nContent-ID: <a;boundary=b>\r\n\r\n{"n":1}\r\n',
      '--frame\r\nContent-Type: image/jpeg\r\n\r\n',
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: two(picture),
  },
  {
    title: 'x-mixed-replace with lengths',
    contentType: 'multipart/x-mixed-replace;boundary=frame',
    body: bytes(
      `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n${picture}\r\n`,
      `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\n\r\nabc\r\n--frame--\r\n`,
    ),
    parts: [
      { contentType: 'image/jpeg', body: picture },
      { contentType: 'image/jpeg', body: 'abc' },
    ],
  },
  {
    title: 'a boundary declared with the dashes of its lines',
    contentType: 'multipart/x-mixed-replace; boundary=--frame',
    body: bytes('--frame\r\n\r\n', picture, '\r\n--frame--\r\n'),
    parts: [{ body: picture }],
  },
  {
    title: 'a boundary that begins with dashes of its own',
    contentType: 'multipart/mixed; boundary=--frame',
    body: bytes('----frame\r\n\r\none\r\n--frame\r\ntwo\r\n----frame--'),
    parts: [{ body: 'one\r\n--frame\r\ntwo' }],
  },
  {
    title: 'parts without headers',
    contentType: formData,
    body: bytes('--frame\r\n\r\n', picture, '\r\n--frame\r\n\r\nsecond\r\n--frame--\r\n'),
    parts: [
      { headers: {}, body: picture },
      { headers: {}, body: 'second' },
    ],
  },
  {
    title: 'parts without headers and without the empty line after them',
    contentType: formData,
    body: bytes('--frame\r\n', picture, '\r\n--frame\r\n{"n":1}\r\n--frame--\r\n'),
    parts: [
      { headers: {}, body: picture },
      { headers: {}, body: '{"n":1}' },
    ],
  },
  {
    title: 'empty parts, with and without headers and empty lines',
    contentType: formData,
    body: bytes(
      '--frame\r\nContent-Type: text/plain\r\n\r\n\r\n',
      '--frame\r\nContent-Type: text/plain\r\n\r\n',
      '--frame\r\nContent-Type: text/plain\r\n',
      '--frame\r\n\r\n\r\n',
      '--frame\r\n\r\n',
      '--frame\r\n',
      '--frame--\r\n',
    ),
    parts: [
      { contentType: 'text/plain', body: '' },
      { contentType: 'text/plain', body: '' },
      { contentType: 'text/plain', body: '' },
      { headers: {}, body: '' },
      { headers: {}, body: '' },
      { headers: {}, body: '' },
    ],
  },
  {
    title: 'an empty line before the first boundary',
    contentType: formData,
    body: bytes('\r\n--frame\r\n\r\n', picture, '\r\n--frame--\r\n'),
    parts: [{ body: picture }],
  },
  {
    title: 'text before the first boundary and after the last',
    contentType: formData,
    body: bytes(
      'This is MIME.\r\n--\r\n--frameX\r\n --frame\r\nnot --frame\r\n',
      '--frame\r\n\r\n',
      picture,
      '\r\n--frame--\r\nThe end.\r\n--frame\r\n\r\nno part\r\n--frame--\r\n',
    ),
    parts: [{ body: picture }],
  },
  {
    title: 'blanks after the boundaries',
    contentType: formData,
    body: bytes('--frame \t \r\n\r\n', picture, '\r\n--frame\t\r\n\r\n2\r\n--frame--  \r\n'),
    parts: [{ body: picture }, { body: '2' }],
  },
  {
    title: 'LF line ends',
    contentType: formData,
    body: bytes(
      'text\n--frame\nContent-Type: application/json\n\n{"n":1}\n--frame\nContent-Type: image/jpeg\n\n',
      pictureInLf,
      '\n--frame--\n',
    ),
    parts: two(pictureInLf),
  },
  {
    title: 'headers with LF between delimiters with CR LF',
    contentType: formData,
    body: bytes('--frame\r\nContent-Type: image/jpeg\n\n', picture, '\r\n--frame--\r\n'),
    parts: [{ contentType: 'image/jpeg', body: picture }],
  },
  {
    title: 'a quoted boundary with escapes, blanks and a semicolon',
    contentType: 'multipart/form-data; charset=UTF-8; Boundary = "a \\"b\\"; =c" ; x=y',
    body: bytes('--a "b"; =c\r\n\r\n', picture, '\r\n--a "b"; =c--\r\n'),
    parts: [{ body: picture }],
  },
  {
    title: 'an unquoted boundary of characters that should be quoted',
    contentType: "multipart/mixed;boundary==_(x y):'/?,+.1 ; charset=utf-8",
    body: bytes("--=_(x y):'/?,+.1\r\n\r\n", picture, "\r\n--=_(x y):'/?,+.1--\r\n"),
    parts: [{ body: picture }],
  },
  {
    title: 'a boundary that looks like a header',
    contentType: 'multipart/mixed; boundary=a:b',
    body: bytes('--a:b\r\nX: 1\r\n--a:b\r\n--a:b--\r\n'),
    parts: [
      { headers: { x: '1' }, body: '' },
      { headers: {}, body: '' },
    ],
  },
  {
    title: 'a boundary parameter that is missing',
    contentType: 'multipart/form-data',
    body: bytes('\r\nText\r\n--frame\r\n\r\n', picture, '\r\n--frame--\r\n'),
    parts: [{ body: picture }],
  },
  {
    title: 'a boundary parameter that is empty, with LF line ends and blanks',
    contentType: 'multipart/mixed; boundary=""',
    body: bytes('--frame  \n\n', pictureInLf, '\n--frame--\n'),
    parts: [{ body: pictureInLf }],
  },
  {
    title: 'no Content-Type at all',
    body: bytes('--frame\r\n\r\n', picture, '\r\n--frame--\r\n'),
    parts: [{ body: picture }],
  },
  {
    title: 'no line end after the last boundary',
    contentType: formData,
    body: bytes('--frame\r\n\r\n', picture, '\r\n--frame--'),
    parts: [{ body: picture }],
  },
  {
    title: 'a line end cut in half after the last boundary',
    contentType: formData,
    body: bytes('--frame\r\n\r\n', picture, '\r\n--frame--\r'),
    parts: [{ body: picture }],
  },
  {
    title: 'no part at all',
    contentType: formData,
    body: bytes('--frame--\r\n'),
    parts: [],
  },
  {
    title: 'a right Content-Length where whole delimiters stand in the body',
    contentType: formData,
    body: bytes('--frame\r\nContent-Length: 24\r\n\r\nab\r\n--frame\r\n\r\n--frame--\r\n--frame--\r\n'),
    parts: [{ body: 'ab\r\n--frame\r\n\r\n--frame--' }],
  },
  {
    title: 'a right Content-Length and no line end before the next boundary',
    contentType: formData,
    body: bytes('--frame\r\nContent-Length: 2\r\n\r\nab--frame\r\nContent-Length: 0\r\n\r\n--frame--\r\n'),
    parts: [{ body: 'ab' }, { body: '' }],
  },
  ...['0', '5', '7', '100', '1000000', '99999999999999999999', '-1', '6x', ''].map((length) => ({
    title: `a wrong Content-Length (${length})`,
    contentType: formData,
    body: bytes(
      `--frame\r\nContent-Length: ${length}\r\n\r\nabcdef\r\n--frame\r\n\r\n`,
      picture,
      '\r\n--frame--\r\n',
    ),
    parts: [{ body: 'abcdef' }, { body: picture }],
  })),
  {
    title: 'headers in any case, twice, folded, without a value, and lines that are none',
    contentType: formData,
    body: bytes(
      '--frame\r\ncONTENT-tYPE :Image/JPEG ; x=1\r\nX-A: 1\r\nnonsense\r\nx-a:2\r\nX-B: a\r\n\t b\r\n  c\r\nX-C:\r\n',
      '__proto__: x\r\n\r\n.\r\n--frame--\r\n',
    ),
    parts: [
      {
        contentType: 'image/jpeg',
        headers: {
          'content-type': 'Image/JPEG ; x=1',
          'x-a': '1, 2',
          'x-b': 'a b c',
          'x-c': '',
        },
        body: '.',
      },
    ],
  },
];

async function* chunksOf(body: Buffer, size: number, failure?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += size) {
    await Promise.resolve();
    yield body.subarray(at, at + size);
  }
  if (failure) throw failure;
}

/** The parts given and the error after them. */
async function read(body: AsyncIterable<Buffer>, options?: MultipartOptions) {
  const parts: Part[] = [];
  try {
    for await (const part of readMultipart(body, options)) parts.push(part);
    return { parts, error: undefined };
  } catch (error) {
    assert.ok(error instanceof SnapflowError, String(error));
    return { parts, error };
  }
}

const text = (part: Part) => part.body.toString('latin1');

describe('multipart: shapes (HW-2)', () => {
  for (const shape of shapes) {
    it(`reads ${shape.title}`, async () => {
      for (const size of [1, 2, 3, 5, 16, 64, 100_000]) {
        const { parts, error } = await read(chunksOf(shape.body, size), { contentType: shape.contentType });
        assert.equal(error, undefined, `chunks of ${size}: ${error?.message}`);
        const seen = parts.map((part, index) => ({
          ...Object.fromEntries(
            Object.keys(shape.parts[index] ?? part).map((key) => [key, part[key as keyof Part]]),
          ),
          body: text(part),
        }));
        assert.deepEqual(seen, shape.parts, `chunks of ${size}`);
      }
    });
  }

  it('leaves out what a part does not tell', async () => {
    const { parts } = await read(chunksOf(bytes('--f\r\n\r\n.\r\n--f--'), 99));
    assert.deepEqual(parts, [{ headers: {}, body: bytes('.') }]);
  });

  it('finds a delimiter wherever it is torn apart between large chunks', async () => {
    const filling = 'x'.repeat(5000);
    const body = bytes(`--frame\r\n\r\n${filling}\r\n--frame\r\nX: 1\r\n\r\n${filling}\r\n--frame--\r\n`);
    for (let first = 5000; first < 5060; first++) {
      const { parts, error } = await read(chunksOf(body, first), { contentType: formData });
      assert.equal(error, undefined);
      assert.deepEqual(parts.map(text), [filling, filling], `first chunk of ${first} bytes`);
    }
  });

  it('takes the boundary that is known otherwise rather than the declared one', async () => {
    const { parts } = await read(chunksOf(bytes('--frame\r\n\r\n.\r\n--frame--'), 99), {
      contentType: 'multipart/mixed; boundary=wrong',
      boundary: 'frame',
    });
    assert.deepEqual(parts.map(text), ['.']);
  });
});

describe('multipart: file names', () => {
  const cases: Array<[disposition: string, filename: string | undefined]> = [
    ['form-data; filename="a b;c.jpg"', 'a b;c.jpg'],
    ['form-data; filename=plain.jpg; name=x', 'plain.jpg'],
    ['form-data; filename="say \\"hi\\".jpg"', 'say "hi".jpg'],
    ['attachment; filename="/etc/../passwd"', 'passwd'],
    ['attachment; filename="C:\\fotos\\a.jpg"', 'a.jpg'],
    ['attachment; filename="folder/"', undefined],
    ['attachment; filename=""', undefined],
    ['attachment; filename="x.jpg"; filename*=UTF-8\'zh\'%E5%8D%97%E9%97%A8.jpg', '南门.jpg'],
    ['attachment; filename="x.jpg"; filename*=UTF-8\'\'%E5%8D', 'x.jpg'],
    ['attachment; filename="x.jpg"; filename*=gbk\'\'%C4%CF', 'x.jpg'],
    [Buffer.from('form-data; filename="南门.jpg"').toString('latin1'), '南门.jpg'],
    ['form-data; filename="\xc4\xcf.jpg"', 'ÄÏ.jpg'],
  ];
  for (const [disposition, filename] of cases) {
    it(`reads ${disposition} as ${filename}`, async () => {
      const body = bytes(`--f\r\nContent-Disposition: ${disposition}\r\n\r\n.\r\n--f--`);
      assert.equal((await read(chunksOf(body, 7))).parts[0]?.filename, filename);
    });
  }
});

describe('multipart: what is not whole', () => {
  // Cut behind `--frame--`, what only looks like the last boundary is one: no boundary may stand in its content.
  const picture =
    '\xff\xd8\xff\xe0\r\n--\r\n\r\n--fram\r\n--frameX\r\n--frame-\r\n--frame \x00\n--frame\r\n\xff\xd9\r';
  const head = '--frame\r\nX: 1\r\n\r\n';
  const whole = bytes(head, picture, '\r\n', head, picture, '\r\n', head, picture, '\r\n--frame--');
  const partLength = bytes(head, picture, '\r\n').length;

  it('gives the whole parts, then says that the reply was cut off, wherever it was cut', async () => {
    for (let length = 1; length < whole.length; length++) {
      const { parts, error } = await read(chunksOf(whole.subarray(0, length), 64), { contentType: formData });
      // A part is whole when the delimiter behind it is: `--frame` and its line end.
      const expected = Math.min(2, Math.max(0, Math.floor((length - '--frame\r\n'.length) / partLength)));
      assert.deepEqual(parts.map(text), new Array(expected).fill(picture), `cut after ${length} bytes`);
      assert.equal(error?.code, 'BAD_RESPONSE', `cut after ${length} bytes`);
      if (length >= '--frame\r\n'.length) {
        assert.equal(error?.retryable, true);
        assert.deepEqual(error?.details, { parts: expected });
      }
    }
  });

  it('keeps the last part when its own Content-Length proves it whole, and still reports the missing boundary', async () => {
    const body = `--frame\r\nContent-Length: ${picture.length}\r\n\r\n${picture}`;
    for (const rest of ['', '\r', '\r\n', '\r\n--fra', '\r\n--frame', '\r\n--frame-']) {
      const { parts, error } = await read(chunksOf(bytes(body, rest), 10), { contentType: formData });
      assert.deepEqual(parts.map(text), [picture], JSON.stringify(rest));
      assert.equal(error?.code, 'BAD_RESPONSE', JSON.stringify(rest));
      assert.deepEqual(error?.details, { parts: 1 });
    }
    for (const cut of [bytes(body).subarray(0, -1), bytes(body, 'x'), bytes(body, '\r\n--other')]) {
      const { parts, error } = await read(chunksOf(cut, 10), { contentType: formData });
      assert.deepEqual([parts.length, error?.code], [0, 'BAD_RESPONSE']);
    }
  });

  it('does not take a last boundary with more dashes for the last one', async () => {
    const { parts, error } = await read(chunksOf(bytes('--frame\r\n\r\na\r\n--frame---'), 9));
    assert.deepEqual([parts, error?.code], [[], 'BAD_RESPONSE']);
  });

  it('reports what the body failed with, after the whole parts', async () => {
    const broken = new SnapflowError('UNREACHABLE', 'The connection broke.');
    const cut = whole.subarray(0, partLength * 2 + 20);
    for (const size of [7, 1000]) {
      const { parts, error } = await read(chunksOf(cut, size, broken), { contentType: formData });
      assert.deepEqual([parts.length, error], [2, broken]);
    }
    assert.equal((await read(chunksOf(bytes('te'), 9, broken), { contentType: formData })).error, broken);
  });

  it('reports a foreign failure as a reply that was cut off', async () => {
    const failure = new Error('other side closed');
    const { parts, error } = await read(chunksOf(whole.subarray(0, partLength + 20), 99, failure));
    assert.deepEqual([parts.length, error?.code, error?.cause], [1, 'BAD_RESPONSE', failure]);
  });

  it('does not mind how the text after the last boundary ends, unless the caller itself stopped', async () => {
    const broken = new SnapflowError('TIMEOUT', 'Too slow.');
    const fine = await read(chunksOf(bytes(whole.toString('latin1'), '\r\nand'), 50, broken));
    assert.deepEqual([fine.parts.length, fine.error], [3, undefined]);
    const closed = closedError('huawei');
    assert.equal((await read(chunksOf(whole, 50, closed))).error, closed);
  });

  it('refuses a body without a boundary and shows what came instead', async () => {
    const page = bytes('<html><body>Login</body></html>\r\n');
    for (const contentType of [undefined, formData]) {
      const { error } = await read(chunksOf(page, 5), { contentType });
      assert.equal(error?.code, 'BAD_RESPONSE');
      assert.match(error?.message ?? '', /no boundary.*<html><body>Login/);
    }
    const { error } = await read(chunksOf(Buffer.alloc(0), 5), { contentType: formData, system: 'huawei' });
    assert.deepEqual(
      [error?.code, error?.message, error?.system],
      ['BAD_RESPONSE', 'The reply is empty.', 'huawei'],
    );
  });
});

describe('multipart: caps', () => {
  const part = (body: string, header = 'X: 1') => `--frame\r\n${header}\r\n\r\n${body}\r\n`;
  const cases: Array<[option: keyof MultipartOptions, limit: number, inside: string, outside: string]> = [
    ['maxParts', 2, part('a').repeat(2), part('a').repeat(3)],
    ['maxHeaderBytes', 50, part('a', `X: ${'y'.repeat(41)}`), part('a', `X: ${'y'.repeat(48)}`)],
    ['maxBodyBytes', 9, part('123456789'), part('1234567890')],
    ['maxBodyBytes', 9, part('123456789', 'Content-Length: 9'), part('1234567890', 'Content-Length: 10')],
  ];
  for (const [option, limit, inside, outside] of cases) {
    it(`holds ${option}, names it, and reads what just fits (${JSON.stringify(inside.slice(9, 20))})`, async () => {
      for (const size of [1, 13, 1000]) {
        const options = { contentType: formData, [option]: limit };
        const fits = await read(chunksOf(bytes(inside, '--frame--'), size), options);
        assert.equal(fits.error, undefined);
        const { error } = await read(chunksOf(bytes(outside, '--frame--'), size), options);
        assert.deepEqual([error?.code, error?.values['limit']], ['TOO_LARGE', limit]);
        assert.match(error?.message ?? '', new RegExp(`\\(${option}\\)`));
      }
    });
  }

  it('gives the parts before the one that is too large', async () => {
    const body = bytes(part('a'), part('b'.repeat(100)), '--frame--');
    const { parts, error } = await read(chunksOf(body, 8), { contentType: formData, maxBodyBytes: 10 });
    assert.deepEqual([parts.map(text), error?.code], [['a'], 'TOO_LARGE']);
  });

  it('does not look for a first or a last boundary without end', async () => {
    let pulled = 0;
    const endless = async function* (start: string) {
      yield* chunksOf(bytes(start), 99);
      for (; pulled < 1000; pulled++) yield* chunksOf(bytes('text\r\n'.repeat(1000)), 6000);
    };
    assert.equal((await read(endless(''), { contentType: formData })).error?.code, 'BAD_RESPONSE');
    assert.ok(pulled < 10, String(pulled));
    const { parts, error } = await read(endless('--frame\r\n\r\na\r\n--frame--\r\n'));
    assert.deepEqual([parts.map(text), error], [['a'], undefined]);
    assert.ok(pulled < 20, String(pulled));
  });
});

describe('multipart: streaming', () => {
  it('gives a part before the next one has come', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const body = async function* () {
      yield bytes('--frame\r\n\r\nfirst\r\n--frame\r\n');
      await held;
      yield bytes('\r\nsecond\r\n--frame--');
    };
    const parts = readMultipart(body(), { contentType: formData });
    assert.equal(text((await parts.next()).value as Part), 'first');
    release();
    assert.equal(text((await parts.next()).value as Part), 'second');
    assert.equal((await parts.next()).done, true);
  });

  it('ends the body when the caller stops early, and reads it to its end otherwise', async () => {
    const outcome: string[] = [];
    const body = async function* () {
      try {
        yield* chunksOf(bytes('--frame\r\n\r\na\r\n--frame\r\n\r\nb\r\n--frame--\r\nend'), 9);
        outcome.push('read');
      } finally {
        outcome.push('closed');
      }
    };
    for await (const part of readMultipart(body(), { contentType: formData })) {
      assert.equal(text(part), 'a');
      break;
    }
    assert.deepEqual(outcome, ['closed']);
    await read(body(), { contentType: formData });
    assert.deepEqual(outcome, ['closed', 'read', 'closed']);
  });

  it('lets go of the bytes of parts that it has given', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const chunks: Array<WeakRef<Buffer>> = [];
    const body = async function* () {
      for (let turn = 0; turn < 10; turn++) {
        await Promise.resolve();
        const chunk = bytes('--frame\r\n\r\n', 'x'.repeat(10_000), '\r\n');
        chunks.push(new WeakRef(chunk));
        yield chunk;
      }
    };
    const held: number[] = [];
    const parts = readMultipart(body(), { contentType: formData });
    for (let turn = 0; turn < 9; turn++) {
      await parts.next();
      await new Promise(setImmediate);
      collectGarbage();
      held.push(chunks.filter((chunk) => chunk.deref()).length);
    }
    assert.ok(Math.max(...held) <= 3, held.join());
    await parts.return();
  });

  it('copies no part that came in one chunk', async () => {
    const body = bytes('--frame\r\n\r\n', 'x'.repeat(5000), '\r\n--frame--');
    const { parts } = await read(chunksOf(body, body.length));
    assert.equal(parts[0]?.body.buffer, body.buffer);
  });

  it('does not change a part that it has given when more small chunks come', async () => {
    const body = bytes('--frame\r\n\r\none\r\n', '--frame\r\n\r\ntwo\r\n'.repeat(2000), '--frame--');
    const { parts } = await read(chunksOf(body, 100), { maxParts: 3000 });
    assert.equal(parts.length, 2001);
    assert.deepEqual(new Set(parts.slice(1).map(text)), new Set(['two']));
    assert.equal(text(parts[0]!), 'one');
  });
});
