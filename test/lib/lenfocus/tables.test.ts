import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALARM_TYPES, CATEGORIES, PLATE_TYPES, VEHICLE_TYPES } from '../../../lib/lenfocus';
import { FACE_ATTRIBUTES } from '../../../lib/lenfocus/tables/attributes';
import { VEHICLE_MAKERS } from '../../../lib/lenfocus/tables/makers';
import { nameCode } from '../../../lib/lenfocus/tables/names';
import { LATER_VEHICLE_TYPES, PLATE_COLOURS, VEHICLE_COLOURS } from '../../../lib/lenfocus/tables/vehicles';

const codes = (table: object) => Object.keys(table).map(Number);
const range = (from: number, to: number, ...without: number[]) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((n) => !without.includes(n));

describe('tables of numbers', () => {
  it('LF-2.4 names alarm types 1 to 14 of the document and 1 to 20 of the later table', () => {
    assert.deepEqual(codes(ALARM_TYPES.document), range(1, 14));
    assert.deepEqual(codes(ALARM_TYPES.later), range(1, 20));
    assert.equal(ALARM_TYPES.document[13]?.en, 'Absence from post');
    assert.equal(ALARM_TYPES.later[15]?.zh, '离岗');
    assert.equal(ALARM_TYPES.later[13]?.en, 'Blacklisted person');
  });

  it('LF-2.5 names vehicle types (no 14) and plate types (no 12), and those of the later edition', () => {
    assert.deepEqual(codes(VEHICLE_TYPES), range(0, 36, 14));
    assert.deepEqual(codes(PLATE_TYPES), range(0, 18, 12));
    assert.deepEqual(codes(LATER_VEHICLE_TYPES), range(1, 5));
    assert.deepEqual(codes(PLATE_COLOURS), range(0, 7));
    assert.deepEqual(codes(VEHICLE_COLOURS), range(0, 12));
    assert.deepEqual(codes(VEHICLE_MAKERS), range(0, 97));
    assert.deepEqual(codes(CATEGORIES), range(1, 4));
  });

  it('has a name in both languages everywhere', () => {
    const tables = [
      ...Object.values(ALARM_TYPES),
      ...[VEHICLE_TYPES, PLATE_TYPES, LATER_VEHICLE_TYPES, PLATE_COLOURS, VEHICLE_COLOURS, VEHICLE_MAKERS],
      ...FACE_ATTRIBUTES.map(({ values }) => values),
    ];
    for (const { en, zh } of tables.flatMap((table) => Object.values(table))) {
      assert.match(en, /^[\p{L}\d]/u);
      assert.match(zh, /\S/);
    }
  });

  it('passes unknown numbers through', () => {
    assert.deepEqual(nameCode(ALARM_TYPES.document, 99), { code: 99 });
    assert.deepEqual(nameCode(ALARM_TYPES.document, 8), { code: 8, en: 'Flame', zh: '火焰' });
  });
});
