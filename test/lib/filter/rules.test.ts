import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SnapflowError } from '../../../lib/errors';
import type { Condition, FilterOptions } from '../../../lib/filter';
import { PictureFilter } from '../../../lib/filter';
import { judge } from './judging';
import { picture } from './pictures';

const minutes = (count: number) => count * 60_000;

describe('rules that need no look at the picture', () => {
  it('without rules every picture passes', async () => {
    const { says } = judge({});
    assert.equal(await says(await picture()), '+first');
    assert.equal(await says(await picture()), '+matched');
  });

  it('compare what is known of the file and of its source, and name the condition that does not hold', async () => {
    const data = await picture();
    const facts: Record<string, unknown> = {
      kind: ['scene', 'event'],
      alarmType: { code: 2, en: 'Area intrusion', zh: '区域入侵' },
      name: 'Li Lei',
      plate: '粤B12345',
      score: '81.5',
      'property.door': 3,
      'property.open': true,
    };
    const read = (field: string, property: string) =>
      facts[field === 'property' ? `property.${property}` : field];
    for (const [condition, holds] of [
      [{ field: 'format', operator: 'is', value: 'jpeg, png' }, true],
      [{ field: 'format', operator: 'is', value: 'PNG' }, false],
      [{ field: 'width', operator: 'at-least', value: 320 }, true],
      [{ field: 'height', operator: 'at-most', value: '179' }, false],
      [{ field: 'bytes', operator: 'at-most', value: 1_000_000 }, true],
      [{ field: 'kind', operator: 'is', value: 'face，Event' }, true],
      [{ field: 'kind', operator: 'is-not', value: 'face' }, true],
      [{ field: 'kind', operator: 'is-not', value: 'scene' }, false],
      [{ field: 'alarmType', operator: 'is', value: '2, 8' }, true],
      [{ field: 'alarmType', operator: 'is', value: '区域入侵' }, true],
      [{ field: 'alarmType', operator: 'is', value: '8' }, false],
      [{ field: 'name', operator: 'contains', value: 'lei' }, true],
      [{ field: 'plate', operator: 'contains', value: '粤' }, true],
      [{ field: 'plate', operator: 'exists' }, true],
      [{ field: 'score', operator: 'at-least', value: '80' }, true],
      [{ field: 'score', operator: 'at-least', value: '82' }, false],
      [{ field: 'name', operator: 'at-least', value: '1' }, false],
      [{ field: 'property', property: 'door', operator: 'is', value: 3 }, true],
      [{ field: 'property', property: 'open', operator: 'is', value: 'true' }, true],
      [{ field: 'property', property: 'window', operator: 'missing' }, true],
      [{ field: 'property', property: 'window', operator: 'exists' }, false],
    ] as Array<[Condition, boolean]>) {
      const { says } = judge({ conditions: [condition] });
      assert.equal(
        await says(data, { read }),
        holds ? '+first' : `-${condition.field}`,
        JSON.stringify(condition),
      );
    }
  });

  it('at most one in so many seconds, for each camera, person or plate', async () => {
    const { says, clock } = judge({ atMost: { everyMs: 10_000, per: 'person' } });
    const data = await picture();
    assert.equal(await says(data, { rateKey: 'person/1' }), '+first');
    assert.equal(await says(data, { rateKey: 'person/1' }), '-too-soon');
    assert.equal(await says(data, { rateKey: 'person/2' }), '+matched');
    assert.equal(await says(data), '+matched', 'nobody known: the camera');
    clock.jump(-minutes(60));
    await clock.advance(9_999);
    assert.equal(await says(data, { rateKey: 'person/1' }), '-too-soon');
    await clock.advance(1);
    assert.equal(await says(data, { rateKey: 'person/1' }), '+matched', 'whatever the wall clock was set to');
  });

  it('one is due when none passed for so long, unchanged or unusable as it may be', async () => {
    const { says, clock } = judge({
      atLeastMs: minutes(5),
      changed: {},
      usable: true,
      atMost: { everyMs: minutes(60) },
    });
    const data = await picture();
    assert.equal(await says(data), '+first');
    await clock.advance(minutes(5) - 1);
    assert.equal(await says(data), '-too-soon');
    await clock.advance(1);
    assert.equal(await says(data), '+due');
    assert.equal(await says(data), '-too-soon');
    await clock.advance(minutes(5));
    assert.equal(await says(data.subarray(0, data.length / 2)), '+due');
  });

  it('hold back no alarm, except by a condition', async () => {
    const options: FilterOptions = {
      changed: {},
      usable: true,
      atMost: { everyMs: minutes(1) },
      window: { from: '00:00', to: '00:01', zone: 'UTC' },
      conditions: [{ field: 'alarmType', operator: 'is', value: '2' }],
    };
    const read = () => ({ code: 2 });
    const data = await picture();
    const { says, decide } = judge(options);
    assert.equal(await says(data, { read }), '-time');
    assert.equal(await says(data, { read, alarm: true }), '+alarm');
    const { distance } = await decide(data, { read, alarm: true });
    assert.equal(distance, 0, 'compared all the same');
    assert.equal(await says(data, { read: () => ({ code: 3 }), alarm: true }), '-alarmType');
    assert.equal(await says(data.subarray(0, 900), { read, alarm: true }), '+alarm', 'broken as it is');
    const strict = judge({ ...options, passAlarms: false });
    assert.equal(await strict.says(data, { read, alarm: true }), '-time');
  });

  it('an alarm that passed is what the next picture is compared with', async () => {
    const { says } = judge({ changed: {} });
    assert.equal(await says(await picture()), '+first');
    assert.equal(await says(await picture({ intruder: true }), { alarm: true }), '+alarm');
    assert.equal(await says(await picture({ intruder: true, noise: 6 })), '-unchanged');
  });

  it('refuse what makes no sense, and say what to change', () => {
    for (const [options, words] of [
      [{ conditions: [{ field: 'score', operator: 'at-least', value: 'high' }] }, /number, not “high”/],
      [{ conditions: [{ field: 'kind', operator: 'is', value: ' , ' }] }, /no value/],
      [{ conditions: [{ field: 'property', property: ' ', operator: 'exists' }] }, /incomplete/],
      [{ conditions: [{ field: 'colour', operator: 'is', value: 'red' }] }, /incomplete/],
      [{ window: { from: '25:00', to: '06:00' } }, /08:30, not “25:00”/],
      [{ window: { from: '8:00', to: '06:00', days: [0] } }, /1 \(Monday\)/],
      [{ window: { from: '08:00', to: '06:00', zone: 'Mars/Olympus' } }, /Mars\/Olympus/],
      [{ changed: { masks: [{ left: 90, top: 0, width: 20, height: 5 }] } }, /within the picture/],
      [{ changed: { masks: [{ left: 0, top: 0, width: 100, height: 100 }] } }, /whole picture/],
    ] as unknown as Array<[FilterOptions, RegExp]>) {
      assert.throws(
        () => new PictureFilter(options),
        (error: SnapflowError) => error.code === 'BAD_INPUT' && words.test(error.message),
      );
    }
  });
});
