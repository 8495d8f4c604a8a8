import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeOperations, operations } from '../../../lib/onenet';

describe('OneNET operations as forms', () => {
  it('ON-1.1 … ON-15.4 describe themselves and their fields in both languages', () => {
    const english = describeOperations('en-US');
    const chinese = describeOperations('zh-CN');
    assert.equal(english.length, operations.length);
    for (const [index, operation] of english.entries()) {
      const translated = chinese[index];
      assert.equal(translated?.name, operation.name);
      for (const words of [
        [operation.title, translated?.title],
        ...operation.fields.map(({ label }, at) => [label, translated?.fields[at]?.label]),
      ]) {
        assert.ok(words[0] && words[1]);
        assert.notEqual(words[0], words[1]);
        assert.match(words[1], /[\u4e00-\u9fff]/);
      }
    }
  });

  it('give what a dialog needs, as plain JSON', () => {
    const [movePtz] = describeOperations('zh-CN', 'onenet-command').filter(({ name }) => name === 'movePtz');
    assert.deepEqual(JSON.parse(JSON.stringify(movePtz)), movePtz);
    const { fields = [], ...facts } = movePtz ?? {};
    assert.deepEqual(facts, {
      id: 'ON-3.2b',
      name: 'movePtz',
      chapter: '3.2',
      node: 'onenet-command',
      title: '云台控制',
      output: 'value',
      sideEffects: true,
      masterKey: false,
    });
    const byName = new Map(fields.map((field) => [field.name, field]));
    assert.deepEqual(byName.get('speed'), {
      name: 'speed',
      type: 'integer',
      label: '速度',
      required: false,
      limits: { min: 1, max: 7 },
      initial: 4,
    });
    assert.deepEqual(byName.get('mode')?.choices, [
      { value: 'step', label: '单步' },
      { value: 'start', label: '开始' },
      { value: 'stop', label: '停止' },
    ]);
    const [addChannel] = describeOperations('en-US').filter(({ name }) => name === 'addChannel');
    assert.deepEqual(addChannel?.fields[2]?.limits, { characters: 64, pattern: '^[0-9A-Za-z]+$' });
  });
});
