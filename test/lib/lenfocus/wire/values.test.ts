import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSuccess, meaningOf } from '../../../../lib/lenfocus/wire/codes';
import { localTime, readTime, zonedIso, zoneMinutes } from '../../../../lib/lenfocus/wire/time';
import { canonicalUri } from '../../../../lib/lenfocus/wire/uri';
import { Fields, idOf, integerOf, numberOf, textOf } from '../../../../lib/lenfocus/wire/values';

const EAST_8 = 8 * 60;

describe('values as cameras send them', () => {
  it('LF-1.5 takes a uri with or without slash, with blanks and in any case', () => {
    for (const uri of [
      '/ivp/facecap_param_set',
      'ivp/facecap_param_set',
      ' /ivp/facecap_param_set',
      '/IVP/FaceCap_Param_Set/ ',
    ]) {
      assert.equal(canonicalUri(uri), '/ivp/facecap_param_set');
    }
    assert.equal(canonicalUri(undefined), '/');
  });

  it('LF-1.3 reads keys with trailing blanks and of any case or separator', () => {
    const fields = new Fields({ 'msgid ': 'a', 'id_card ': 'x', jpeg_url_face: 'p', workId: 7, Empty: null });
    assert.equal(fields.text('msgid'), 'a');
    assert.equal(fields.text('idcard'), 'x');
    assert.equal(fields.text('jpegurlface'), 'p');
    assert.equal(fields.text('workid'), '7');
    assert.equal(fields.has('empty'), false);
  });

  it('LF-1.1 reads a did that is absent, empty, 0, a number or beyond 2^53', () => {
    assert.deepEqual([undefined, null, '', ' ', 0, '0'].map(idOf), ['', '', '', '', '', '']);
    assert.deepEqual([1234512, '1234512', ' 1234512 ', '18446744073709551615'].map(idOf), [
      '1234512',
      '1234512',
      '1234512',
      '18446744073709551615',
    ]);
  });

  it('reads numbers sent as text, and text that means nothing', () => {
    assert.deepEqual([1, '1', ' 2 ', true, '', 'x', null, 'NaN'].map(numberOf), [
      1,
      1,
      2,
      1,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual([1.5, '3'].map(integerOf), [undefined, 3]);
    assert.deepEqual(['(null)', '', ' a ', 5, Number.NaN].map(textOf), [
      undefined,
      undefined,
      'a',
      '5',
      undefined,
    ]);
  });

  it('LF-2.1 LF-2.4 LF-2.5 tells seconds from milliseconds, as number or text', () => {
    const time = '2022-10-26T10:52:57.000Z';
    for (const value of [1666781577, '1666781577', 1666781577000, '1666781577000']) {
      assert.equal(readTime(value, EAST_8)?.toISOString(), time);
    }
    assert.equal(readTime('1673420964575', EAST_8)?.toISOString(), '2023-01-11T07:09:24.575Z');
  });

  it('LF-1.8 reads device times in the zone of the device, and writes them', () => {
    assert.equal(readTime('2021-10-03 10:30:00', EAST_8)?.toISOString(), '2021-10-03T02:30:00.000Z');
    assert.equal(readTime('2021-10-03 10:30', 0)?.toISOString(), '2021-10-03T10:30:00.000Z');
    assert.equal(readTime('2021-10-03T10:30:00Z', EAST_8)?.toISOString(), '2021-10-03T10:30:00.000Z');
    assert.equal(localTime(new Date('2021-10-03T02:30:00Z'), EAST_8), '2021-10-03 10:30:00');
    assert.equal(zonedIso(new Date('2021-10-03T02:30:00Z'), EAST_8), '2021-10-03T10:30:00+08:00');
    assert.equal(zonedIso(new Date('2021-10-03T02:30:00Z'), -210), '2021-10-02T23:00:00-03:30');
  });

  it('gives no time for what is none', () => {
    for (const value of [
      0,
      '',
      '0',
      'soon',
      '2021-02-31 10:00:00',
      '2021-10-03 25:00:00',
      -5,
      9e15,
      null,
      {},
    ]) {
      assert.equal(readTime(value, EAST_8), undefined, JSON.stringify(value));
    }
  });

  it('reads zones', () => {
    assert.deepEqual(['+08:00', '-0330', 'Z', '+14:00', '+15:00', 'Asia/Shanghai'].map(zoneMinutes), [
      480,
      -210,
      0,
      840,
      undefined,
      undefined,
    ]);
  });

  it('LF-4 knows the codes of the document; 0 and 200 both mean success', () => {
    assert.deepEqual([0, 200, 404, undefined].map(isSuccess), [true, true, false, false]);
    for (const known of [401, 404, 420, 421, 422, 423, 424, 425, 426]) {
      assert.notEqual(meaningOf(known), meaningOf(999));
    }
  });
});
