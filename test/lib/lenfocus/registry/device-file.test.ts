import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSnapflowError } from '../../../../lib/errors';
import { readDeviceFile, type DeviceRecord } from '../../../../lib/lenfocus';
import { csvCell, parseCsv } from '../../../../lib/lenfocus/registry/csv';
import { appendDevice } from '../../../../lib/lenfocus/registry/device-file';
import { PAIR } from '../support/keys';

const read = (text: string | Buffer) => readDeviceFile(Buffer.from(text));
const GATE: DeviceRecord = {
  sn: 'Y3C122AP1234512',
  securityCode: '12345678',
  did: '77',
  name: '大门',
  note: 'a, "b"',
};

describe('the device file', () => {
  it('reads CSV with the separators and line ends of spreadsheets', () => {
    for (const separator of [',', ';', '\t']) {
      for (const end of ['\n', '\r\n', '\r']) {
        const rows = [
          ['sn', 'securityCode', 'did', 'name', 'note'],
          ['Y3C122AP1234512', '12345678', '77', '大门', '"a, ""b"""'],
          ['OTHER', '', '', '', ''],
          ['', '', '', '', ''],
        ];
        const text = rows.map((row) => row.join(separator)).join(end);
        assert.deepEqual(read(text), [GATE, { sn: 'OTHER' }], JSON.stringify([separator, end]));
      }
    }
  });

  it('reads Chinese column names, a byte order mark, and GB 18030', () => {
    const text = '序列号,安全码,设备ID,名称,备注\nY3C122AP1234512,12345678,77,大门,"a, ""b"""\n';
    assert.deepEqual(read(`\ufeff${text}`), [GATE]);
    // “大门” and the column names as a Chinese spreadsheet saves them.
    const gbk = Buffer.concat([
      Buffer.from('sn,', 'latin1'),
      Buffer.from('c3fbb3c6', 'hex'),
      Buffer.from('\nX,', 'latin1'),
      Buffer.from('b4f3c3c5', 'hex'),
      Buffer.from('\n'),
    ]);
    assert.deepEqual(read(gbk), [{ sn: 'X', name: '大门' }]);
  });

  it('reads a PEM key over several lines of a cell', () => {
    assert.deepEqual(read(`sn,publicKey\nX,"${PAIR.publicKey}"\nY,\n`), [
      { sn: 'X', publicKey: PAIR.publicKey.trim() },
      { sn: 'Y' },
    ]);
  });

  it('reads JSON: a list of devices, or devices by SN; ids beyond 2^53 keep their digits', () => {
    assert.deepEqual(read(JSON.stringify([GATE])), [GATE]);
    const { sn, ...facts } = GATE;
    assert.deepEqual(read(JSON.stringify({ [sn]: facts })), [GATE]);
    assert.deepEqual(read('[{"SN":"X","did":18446744073709551615,"public_key":"k"}]'), [
      { sn: 'X', did: '18446744073709551615', publicKey: 'k' },
    ]);
    assert.deepEqual(read(''), []);
  });

  it('says which device is wrong', () => {
    const failure = (text: string) => {
      try {
        read(text);
      } catch (error) {
        return isSnapflowError(error) ? [error.code, error.message] : error;
      }
      return undefined;
    };
    assert.deepEqual(failure('sn,name\nX,a\n,b\n'), ['BAD_INPUT', 'Device 2 of the device file has no SN.']);
    assert.deepEqual(failure('[{"name":"b"}]'), ['BAD_INPUT', 'Device 1 of the device file has no SN.']);
    assert.match(String(failure('name,code\na,b')), /no column “sn”/);
    assert.match(String(failure('[{"sn":"X"')), /no valid JSON/);
  });

  it('adds a device in the form that the file has', () => {
    for (const text of [
      '',
      '[]',
      '{}',
      'sn,securityCode,did,name,note',
      'sn;securityCode;did;name;note\nOTHER;;;;\n\n',
      '备注\t名称\t设备id\t安全码\t序列号\nx\t\t\t\tOTHER',
      JSON.stringify([{ sn: 'OTHER' }]),
      JSON.stringify({ OTHER: {} }),
    ]) {
      const devices = read(appendDevice(Buffer.from(text), GATE));
      assert.deepEqual(devices.at(-1), GATE, text);
      assert.equal(devices.length, text.includes('OTHER') ? 2 : 1, text);
    }
  });

  it('reads back any cells it writes', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const all = [['a', 'b', 'c'], ...rows.filter((row) => row.some((value) => value !== ''))];
        const text = all.map((row) => row.map((value) => csvCell(value, ',')).join(',')).join('\n');
        assert.deepEqual(parseCsv(text), all);
      }),
    );
  });
});
