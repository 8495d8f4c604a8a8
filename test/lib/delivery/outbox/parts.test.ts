import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Seal } from '../../../../lib/delivery/outbox';
import { entryOf, nameOf, type Entry } from '../../../../lib/delivery/outbox/entry';
import type { Files } from '../../../../lib/delivery/outbox/files';
import { FolderFlush } from '../../../../lib/delivery/outbox/folder-flush';
import { chooseVictim, inheritDifference } from '../../../../lib/delivery/outbox/overflow';
import { decodeParcel, encodeParcel } from '../../../../lib/delivery/outbox/parcel';
import { withoutSecrets } from '../../../../lib/delivery/outbox/without-secrets';
import { turn } from '../../../support/fake-clock';
import { follow } from '../sending';
import { picture } from './set-up';
import { fuzzSeed } from '../../../support/fuzz';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const facts: fc.Arbitrary<Entry> = fc.record({
  id: fc.integer({ min: 1, max: 999_999_999_999 }),
  lane: hex(20),
  pictureId: hex(24),
  bytes: fc.integer({ min: 0, max: 2 ** 40 }),
  addedAt: fc.integer({ min: 0, max: 9e12 }),
  alarm: fc.boolean(),
  difference: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000),
  extension: fc.constantFrom('jpg', 'png', 'gif', 'webp', 'bmp', 'bin'),
});

const entry = facts.map((record): Entry => ({ ...record }));

describe('outbox: file names', () => {
  it('hold all of an entry, and sort by its position', () => {
    fc.assert(
      fc.property(entry, entry, (one, other) => {
        assert.deepEqual(entryOf(nameOf(one)), one);
        assert.ok(nameOf(one).length < 200);
        if (one.id < other.id) assert.ok(nameOf(one) < nameOf(other));
      }),
      { seed: fuzzSeed },
    );
  });

  it('of others are known as foreign', () => {
    for (const name of [
      'holiday.jpg',
      '.DS_Store',
      'Thumbs.db',
      '000000000001-.jpg',
      `${nameOf(someEntry)}.json`,
    ]) {
      assert.equal(entryOf(name), undefined, name);
    }
  });
});

const someEntry: Entry = {
  id: 1,
  lane: '0123456789abcdef0123',
  pictureId: 'abc',
  bytes: 1,
  addedAt: 1,
  alarm: false,
  difference: 0,
  extension: 'jpg',
};

describe('outbox: files', () => {
  it('begin with the picture itself and give back all that was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.jsonValue(), (bytes, meta) => {
        const body = Buffer.from(bytes);
        const file = Buffer.concat(encodeParcel({ body, meta }));
        assert.ok(file.subarray(0, body.length).equals(body));
        const parcel = decodeParcel(file, body.length);
        assert.ok(parcel);
        assert.ok(parcel.body.equals(body));
        assert.deepEqual(parcel.meta, JSON.parse(JSON.stringify(meta)));
      }),
      { seed: fuzzSeed },
    );
  });

  it('are known as torn wherever they end, and as damaged wherever a bit is wrong', () => {
    const file = Buffer.concat(encodeParcel({ body: picture('x', 60), meta: { name: '南门' } }));
    for (let end = 0; end < file.length; end += 1) {
      assert.equal(decodeParcel(file.subarray(0, end), 60), undefined, `cut at ${end}`);
    }
    for (let at = 0; at < file.length; at += 1) {
      const wrong = Buffer.from(file);
      wrong[at] = (wrong[at] as number) ^ 0x10;
      assert.equal(decodeParcel(wrong, 60), undefined, `wrong at ${at}`);
    }
    assert.equal(decodeParcel(file, 59), undefined);
    assert.equal(decodeParcel(Buffer.concat([file, file]), 60), undefined);
    assert.ok(decodeParcel(file, 60));
  });
});

describe('outbox: flushing a folder', () => {
  it('is done once more for those who come while it runs, once for all of them', async () => {
    const ends: Array<() => void> = [];
    const files = {
      flushFolder: () => new Promise<void>((resolve) => ends.push(resolve)),
    } as unknown as Files;
    const folder = new FolderFlush(files, '/folder');
    const first = follow(folder.flush().then(() => true));
    const later = [1, 2, 3].map(() => follow(folder.flush().then(() => true)));
    ends[0]?.();
    await turn();
    assert.equal(first.value, true);
    assert.ok(
      later.every(({ value }) => value === undefined),
      'their changes came after that one began',
    );
    assert.equal(ends.length, 2);
    ends[1]?.();
    await turn();
    assert.ok(later.every(({ value }) => value));
    assert.equal(ends.length, 2);
  });

  it('that failed is not the failure of those who come later', async () => {
    let failing = true;
    const files = {
      flushFolder: () => (failing ? Promise.reject(new Error('EIO')) : Promise.resolve()),
    } as unknown as Files;
    const folder = new FolderFlush(files, '/folder');
    const first = folder.flush();
    const later = folder.flush();
    failing = false;
    await assert.rejects(first);
    await later;
    await folder.flush();
  });
});

describe('outbox: who goes when it is full', () => {
  const waiting = (id: number, difference: number, alarm = false, lane = 'a') => ({
    entry: { id, lane, alarm },
    difference,
  });
  const any = () => true;

  it('nobody by refuse, the oldest, or the one that shows least', () => {
    const all = [waiting(3, 0.5), waiting(5, 0.2), waiting(2, 0.9, false, 'b')];
    assert.equal(chooseVictim(all, 'refuse', any), undefined);
    assert.equal(chooseVictim(all, 'drop-oldest', any)?.chosen, all[2]);
    assert.equal(chooseVictim(all, 'thin-out', any)?.chosen, all[1]);
    assert.equal(chooseVictim(all, 'thin-out', ({ entry: { id } }) => id !== 5)?.chosen, all[0]);
    assert.equal(chooseVictim([], 'thin-out', any), undefined);
  });

  it('alarms last', () => {
    const all = [waiting(1, 0, true), waiting(2, 0.9), waiting(3, 0.1, true)];
    assert.equal(chooseVictim(all, 'drop-oldest', any)?.chosen, all[1]);
    assert.equal(chooseVictim(all, 'thin-out', any)?.chosen, all[1]);
    assert.equal(
      chooseVictim([waiting(9, 0.3, true), waiting(4, 0.2, true)], 'thin-out', any)?.chosen.entry.id,
      4,
    );
  });

  it('its difference goes to the next of its lane, and to none of another', () => {
    const [first, second, other] = [waiting(1, 0.25), waiting(2, 0.5), waiting(3, 0.9, false, 'b')];
    const victim = chooseVictim([first, second, other], 'thin-out', any);
    assert.ok(victim);
    inheritDifference(victim);
    assert.deepEqual([second.difference, other.difference], [0.75, 0.9]);
    const last = chooseVictim([second, other], 'thin-out', any);
    assert.equal(last?.chosen, second);
    assert.equal(last.successor, undefined);
  });
});

describe('outbox: secrets', () => {
  it('are replaced wherever they stand, the rest is left as it is', () => {
    const date = new Date(0);
    assert.deepEqual(
      withoutSecrets({ a: ['x-k1-y', { k1: 'k2k1' }], n: 5, t: true, z: null, date }, ['k1', 'k2', '']),
      { a: ['x-***-y', { '***': '******' }], n: 5, t: true, z: null, date: date.toJSON() },
    );
    assert.equal(withoutSecrets(undefined, ['k']), null);
    const same = { a: 1 };
    assert.equal(withoutSecrets(same, []), same);
  });

  it('a seal opens with the same secret alone', () => {
    const seal = new Seal('project key');
    const sealed = seal.close('令牌 token');
    assert.ok(!sealed.includes('token'));
    assert.notEqual(seal.close('令牌 token'), sealed, 'never twice the same');
    assert.equal(new Seal('project key').open(sealed), '令牌 token');
    assert.equal(new Seal('another key').open(sealed), undefined);
    assert.equal(seal.open(`${sealed.slice(0, -3)}AAA`), undefined);
    assert.equal(seal.open('short'), undefined);
  });
});
