import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSnapflowError } from '../../../../lib/errors';
import { isOperation, OPERATIONS, type FieldSpec, type Operation } from '../../../../lib/lenfocus';
import { toWire } from '../../../../lib/lenfocus/commands/parameters';
import { describeError } from '../../../../lib/texts';
import { jpeg } from '../support/setting';

const operations: Array<[string, Operation]> = Object.entries(OPERATIONS);
const ZONE = 480;

/** A value that a field takes. */
function good(field: FieldSpec): unknown {
  switch (field.type) {
    case 'boolean':
      return true;
    case 'integer':
      return field.min ?? 1;
    case 'choice':
      return field.choices[0]?.value;
    case 'text':
      return 'text';
    case 'time':
      return '2021-10-03 10:30:00';
    case 'picture':
      return jpeg();
    case 'json':
      return { a: 1 };
    case 'group':
      return Object.fromEntries(field.fields.map((inner) => [inner.name, good(inner)]));
  }
}

const allGood = ({ fields }: Operation) =>
  Object.fromEntries(fields.map((field) => [field.name, good(field)]));
const refusal = (fields: readonly FieldSpec[], params: Record<string, unknown>): string | undefined => {
  try {
    toWire(fields, params, ZONE);
  } catch (error) {
    assert.ok(isSnapflowError(error) && error.code === 'BAD_INPUT', String(error));
    assert.notEqual(describeError(error, 'zh-CN'), error.message, 'it is translated');
    return error.message;
  }
  return undefined;
};

/** Every field with the group it is in. */
function* flat(
  fields: readonly FieldSpec[],
  wrap = (params: Record<string, unknown>) => params,
): Generator<{ field: FieldSpec; wrap: typeof wrap; all: readonly FieldSpec[] }> {
  for (const field of fields) {
    yield { field, wrap, all: fields };
    if (field.type === 'group') {
      yield* flat(field.fields, (inner) => wrap({ [field.name]: inner }));
    }
  }
}

describe('parameters of operations', () => {
  it('knows every operation of the document, 1.5 to 1.16, and the later ones', () => {
    const sections = operations.map(([, { section }]) => section);
    for (const section of [
      '1.5',
      '1.6',
      '1.7',
      '1.8',
      '1.9',
      '1.10',
      '1.11',
      '1.12',
      '1.13',
      '1.14',
      '1.15',
      '1.16',
    ]) {
      assert.ok(sections.includes(section), section);
    }
    assert.deepEqual(
      operations.filter(([, { section }]) => section === 'later').map(([name]) => name),
      ['readFile', 'updatePerson', 'clearPersons', 'updateFirmware'],
    );
    assert.ok(isOperation('reboot') && !isOperation('toString') && !isOperation(''));
  });

  it('is plain data with labels in both languages, for a dialog', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(OPERATIONS)), OPERATIONS);
    for (const [name, operation] of operations) {
      for (const { label } of [operation, ...[...flat(operation.fields)].map(({ field }) => field)]) {
        assert.ok(label.en && label.zh, `${name}: ${JSON.stringify(label)}`);
      }
    }
  });

  for (const [name, operation] of operations) {
    it(`${name}: takes what is in range, and refuses what is not, with the name of the field`, () => {
      const { fields } = operation;
      assert.equal(refusal(fields, allGood(operation)), undefined);
      assert.match(refusal(fields, { ...allGood(operation), wrong: 1 }) ?? '', /“wrong”/);
      for (const { field, wrap, all } of flat(fields)) {
        const others = Object.fromEntries(all.map((other) => [other.name, good(other)]));
        const attempt = (value: unknown) =>
          refusal(fields, { ...allGood(operation), ...wrap({ ...others, [field.name]: value }) });
        const isNamed = (value: unknown) =>
          assert.match(attempt(value) ?? `took ${JSON.stringify(value)}`, new RegExp(`“${field.name}”`));
        if (field.required && field.default === undefined)
          for (const none of [undefined, null, '']) isNamed(none);
        if (field.type === 'integer') {
          for (const wrong of ['x', 1.5, true, [], Number.NaN]) isNamed(wrong);
          if (field.min !== undefined) isNamed(field.min - 1);
          if (field.max !== undefined) {
            assert.equal(attempt(String(field.max)), undefined);
            isNamed(field.max + 1);
          }
        }
        if (field.type === 'choice') for (const wrong of [99, 'x', -1]) isNamed(wrong);
        if (field.type === 'boolean') {
          for (const right of [0, 1, '1', 'true', 'false']) assert.equal(attempt(right), undefined);
          for (const wrong of [2, 'on', {}]) isNamed(wrong);
        }
        if (field.type === 'text') for (const wrong of ['x'.repeat(2_000), {}, true]) isNamed(wrong);
        if (field.type === 'time')
          for (const wrong of ['soon', '2021-02-30 00:00:00', new Date(NaN), {}]) isNamed(wrong);
        if (field.type === 'picture')
          for (const wrong of ['no picture', Buffer.from('text'), 5]) isNamed(wrong);
        if (field.type === 'group') for (const wrong of [1, 'x', []]) isNamed(wrong);
      }
    });
  }

  it('has the ranges of the document', () => {
    const ranges = (operation: Operation) =>
      Object.fromEntries(
        [...flat(operation.fields)].flatMap(({ field }) =>
          field.type === 'integer' ? [[field.wire, [field.min, field.max]]] : [],
        ),
      );
    assert.deepEqual(ranges(OPERATIONS.setFaceParameters), {
      threshold: [0, 100],
      reg_threshold: [0, 100],
      mini_face: [30, 500],
      mini_human: [60, 1000],
      quality_face: [0, 100],
      quality_human: [0, 100],
      interval: [10, 60],
    });
    assert.deepEqual(ranges(OPERATIONS.setRecording), { file_len: [1, 60], duration: [0, 10] });
    assert.deepEqual(ranges(OPERATIONS.videoList).page_size, [1, 500]);
    for (const operation of [
      OPERATIONS.faceCaptures,
      OPERATIONS.pedestrianCaptures,
      OPERATIONS.listPersons,
    ]) {
      assert.deepEqual(ranges(operation).page_size, [1, 32]);
    }
    assert.deepEqual(ranges(OPERATIONS.searchByPicture), { threshold: [0, 100] });
  });
});
