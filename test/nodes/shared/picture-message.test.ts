import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePicture } from '../../../lib/picture';
import { pictureMessages } from '../../../nodes/shared/picture-message';
import type { Message, Red } from '../../../nodes/shared/red';

const RED = { util: { cloneMessage: structuredClone, generateId: () => 'sequence-1' } } as unknown as Red;

/** The smallest header that is a GIF of a size. */
function gif(width: number): Buffer {
  const bytes = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt16LE(width, 6);
  return bytes;
}

const picture = (width: number) =>
  makePicture(gif(width), {
    source: { system: 'huawei', device: 'front door', kind: 'snapshot' },
    takenAt: new Date('2026-01-02T03:04:05.678Z'),
  });

describe('a picture as a message', () => {
  it('travels in the message that asked for it', () => {
    const trigger: Message = { _msgid: 'm1', topic: 'door', payload: 'go', order: { id: 7 } };
    const [message, ...more] = pictureMessages(RED, [picture(3)], trigger);
    assert.equal(message, trigger);
    assert.deepEqual(more, []);
    assert.equal(message?.topic, 'door');
    assert.deepEqual(message?.['order'], { id: 7 });
    assert.deepEqual(message?.payload, gif(3));
    assert.equal(message?.picture.width, 3);
    assert.equal(message?.filename, 'front-door-20260102T030405678Z-1.gif');
    assert.equal('parts' in trigger, false);
  });

  it('is one of a sequence when there are several; an outer sequence is kept inside', () => {
    const trigger: Message = {
      topic: 'door',
      payload: Buffer.alloc(9),
      order: { id: 7 },
      parts: { id: 'outer' },
    };
    const messages = pictureMessages(RED, [picture(1), picture(2), picture(3)], trigger);
    assert.deepEqual(
      messages.map(({ parts }) => parts),
      [0, 1, 2].map((index) => ({
        id: 'sequence-1',
        type: 'array',
        len: 1,
        index,
        count: 3,
        parts: { id: 'outer' },
      })),
    );
    assert.deepEqual(
      messages.map(({ payload, topic }) => [payload.readUInt16LE(6), topic]),
      [
        [1, 'door'],
        [2, 'door'],
        [3, 'door'],
      ],
    );
    assert.notEqual(messages[1]?.['order'], messages[0]?.['order']);
    assert.deepEqual(messages[1]?.['order'], { id: 7 });
  });

  it('names its source as topic when no message asked for it', () => {
    assert.equal(pictureMessages(RED, [picture(1)])[0]?.topic, 'huawei/front door/snapshot');
  });
});
