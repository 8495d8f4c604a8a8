import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { historyAddress, liveAddress, videoAddress } from '../../../lib/onenet';
import { parseJson } from '../../../lib/onenet/json';
import { formatDay, formatDigits, formatTime, parseTime, parseZone } from '../../../lib/onenet/time';

describe('OneNET JSON', () => {
  it('keeps every digit of long numbers as text, and touches nothing else', () => {
    assert.deepEqual(
      parseJson('{"id":9223372036854775808,"n":-12345678901234567890,"f":0.12345678901234567,"e":1e30}'),
      { id: '9223372036854775808', n: '-12345678901234567890', f: 0.12345678901234567, e: 1e30 },
    );
    assert.deepEqual(parseJson('{"a":"say \\"12345678901234567890\\"","b":9007199254740991}'), {
      a: 'say "12345678901234567890"',
      b: 9007199254740991,
    });
  });

  it('parses what JSON.parse parses, in the same way', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const hasLong = /\d{16}/.test(text) && /(^|[^\d.eE"])-?\d{16,}([^\d.eE"]|$)/.test(text);
        if (!hasLong) assert.deepEqual(parseJson(text), JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        assert.deepEqual(parseJson(JSON.stringify([text + '1234567890123456', text])), [
          text + '1234567890123456',
          text,
        ]);
      }),
    );
  });
});

describe('OneNET times', () => {
  const zone = parseZone('+08:00');
  const moment = new Date('2018-01-02T03:04:05Z');

  it('reads every form that a flow or the platform may write', () => {
    for (const form of [
      moment,
      '2018-01-02T03:04:05Z',
      '2018-01-02T03:04:05.000Z',
      '2018-01-02T11:04:05+08:00',
      '2018-01-02 11:04:05',
      '2018-01-02T11:04:05',
      '2018-1-2 11:04:05',
      '20180102110405',
      1514862245,
      1514862245000,
      '1514862245',
      '1514862245000',
    ]) {
      assert.equal(parseTime(form, zone)?.toISOString(), moment.toISOString(), String(form));
    }
    assert.equal(parseTime('2018-01-02', zone)?.toISOString(), '2018-01-01T16:00:00.000Z');
    assert.equal(parseTime('201801021104', zone)?.toISOString(), '2018-01-02T03:04:00.000Z');
  });

  it('reads nothing into what is no time', () => {
    for (const form of [
      '',
      'now',
      '2018-02-30 00:00:00',
      '2018-01-02 25:00:00',
      '0000-00-00 00:00:00',
      '99999999999999',
      '2018-01-02T99:00:00Z',
      NaN,
      Infinity,
      null,
      {},
      new Date(NaN),
    ]) {
      assert.equal(parseTime(form, zone), undefined, JSON.stringify(form));
    }
  });

  it('writes the forms of the chapters, and reads them back', () => {
    assert.equal(formatTime(moment, zone), '2018-01-02 11:04:05');
    assert.equal(formatDay(new Date('2018-01-01T16:00:00Z'), zone), '2018-01-02');
    assert.equal(formatDigits(moment, parseZone('-03:30')), '20180101233405');
    const inYears = fc.date({
      min: new Date('1971-01-01'),
      max: new Date('2099-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(inYears, fc.integer({ min: -840, max: 840 }), (time, minutes) => {
        const seconds = Math.floor(time.getTime() / 1000) * 1000;
        assert.equal(parseTime(formatTime(time, minutes), minutes)?.getTime(), seconds);
        assert.equal(parseTime(formatDigits(time, minutes), minutes)?.getTime(), seconds);
      }),
    );
  });
});

describe('OneNET addresses', () => {
  const channel = { deviceId: '2162826', channelId: '2' };
  const server = { address: '183.230.40.39:1935', type: 'rtmp', token: 'accessToken' };

  it('ON-4.1u are those of the document’s examples', () => {
    const period = { startTime: new Date('2017-11-13T07:30:00Z'), endTime: new Date('2017-11-13T07:40:00Z') };
    const zone = parseZone('+08:00');
    assert.equal(
      liveAddress(server, 'rtmp', channel),
      'rtmp://183.230.40.39:1935/live/2162826-2?accessToken',
    );
    assert.equal(
      historyAddress(server, channel, period, { zone, dialect: 'document' }),
      'rtmp://183.230.40.39:1935/rvod/2162826-2-201711131530-201711131540?accessToken',
    );
    assert.equal(
      liveAddress({ ...server, address: '183.230.40.39:8080' }, 'hls', channel),
      'http://183.230.40.39:8080/live/live_2162826_2/index.m3u8?accessToken',
    );
  });

  it('ON-4.1u heed a scheme that the platform wrote, and no odd type', () => {
    assert.equal(
      liveAddress({ ...server, address: 'HTTPS://h:1/' }, 'hls', channel),
      'https://h:1/live/live_2162826_2/index.m3u8?accessToken',
    );
    assert.match(liveAddress({ ...server, type: 'http' }, 'rtmp', channel), /^rtmp:/);
  });

  it('ON-6.2u put the token where each protocol wants it', () => {
    assert.equal(videoAddress('http://h/v.m3u8', 'a b'), 'http://h/v.m3u8?token=a%20b');
    assert.equal(videoAddress('https://h/v.m3u8?', 't'), 'https://h/v.m3u8?token=t');
    assert.equal(videoAddress('rtmpe://h/v', 't'), 'rtmpe://h/v?t');
  });
});
