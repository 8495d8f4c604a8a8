import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { isSnapflowError } from '../../../../lib/errors';
import {
  heartbeatReply,
  readFrame,
  readHeartbeat,
  replyFrame,
  requestFrame,
} from '../../../../lib/lenfocus/wire/frames';
import { LongText } from '../../../../lib/lenfocus/wire/long-text';

const LIMITS = { maxTextBytes: 1_000_000, maxLongTexts: 64 };
const read = (value: unknown) =>
  readFrame(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), LIMITS);

describe('WebSocket frames', () => {
  it('LF-1.1 reads a request as the document has it', () => {
    const param = { did: '1234512', sn: 'Y3C122AP1234512', ip: '192.168.100.168', sign: 's', ts: 1635066908 };
    assert.deepEqual(read({ msgid: 'adfdgwrt245356', data: { uri: '/connect', param } }), {
      msgid: 'adfdgwrt245356',
      token: '',
      uri: '/connect',
      param,
      reply: undefined,
    });
  });

  it('LF-1.3 reads a key with a trailing blank, a numeric message id and a uri without slash', () => {
    const frame = read({ 'msgid ': 1729615057, 'token ': 't', data: { 'uri ': 'heartbeat', param: {} } });
    assert.deepEqual([frame.msgid, frame.token, frame.uri], [1729615057, 't', '/heartbeat']);
  });

  it('LF-1.7 reads replies without uri, with text for a code, and with `message` for `msg`', () => {
    assert.deepEqual(read({ msgid: '1', data: { code: '0', message: 'OK', result: [{ day: 1 }] } }).reply, {
      code: 0,
      message: 'OK',
      result: [{ day: 1 }],
    });
    assert.equal(read({ msgid: '1', data: { code: 'x' } }).reply?.code, undefined);
  });

  it('X-LF-e hands out the file in a large reply as bytes', () => {
    const file = randomBytes(50_000);
    const { reply } = read({ msgid: '1', data: { code: 0, result: { base64: file.toString('base64') } } });
    const { base64 } = reply?.result as { base64: LongText };
    assert.deepEqual(base64.bytes(), file);
  });

  it('refuses what is no frame', () => {
    for (const text of ['', 'hello', '[]', 'null', '5', '{"a"', '\0']) {
      assert.throws(
        () => read(text),
        (error) => isSnapflowError(error) && error.code === 'BAD_INPUT',
      );
    }
  });

  it('recognises ordinary heartbeats, and leaves all else to be looked at closely', () => {
    const beat = { msgid: 'm', token: 't', data: { uri: '/heartbeat', param: { sn: 's' } } };
    assert.deepEqual(readHeartbeat(Buffer.from(JSON.stringify(beat))), { msgid: 'm', token: 't' });
    for (const other of [
      { ...beat, msgid: 5 },
      { ...beat, token: undefined },
      { ...beat, data: { uri: 'heartbeat' } },
      { ...beat, data: null },
      null,
      'x',
    ]) {
      assert.equal(readHeartbeat(Buffer.from(JSON.stringify(other))), undefined);
    }
    assert.equal(readHeartbeat(Buffer.from('{')), undefined);
  });

  it('writes frames with the message id as it came', () => {
    assert.deepEqual(JSON.parse(heartbeatReply('a"b', 3599)), {
      msgid: 'a"b',
      data: { uri: '/heartbeat', code: 200, msg: 'OK', result: { expire: 3599 } },
    });
    assert.equal((JSON.parse(heartbeatReply(17, 1)) as { msgid: unknown }).msgid, 17);
    assert.deepEqual(JSON.parse(replyFrame(undefined, '/connect', 421, 'No')), {
      msgid: '',
      data: { uri: '/connect', code: 421, msg: 'No' },
    });
    assert.deepEqual(JSON.parse(requestFrame('1', undefined, '/x', { a: 1 })), {
      msgid: '1',
      data: { uri: '/x', param: { a: 1 } },
    });
  });
});
