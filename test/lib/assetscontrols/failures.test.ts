import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { SnapflowError } from '../../../lib/errors';
import {
  findAssetGuid,
  listAssets,
  listRecordFiles,
  parseCameraReply,
  photograph,
  RESULTS,
  type Account,
} from '../../../lib/assetscontrols';
import { languageOf, translate } from '../../../lib/texts';
import { JumpingClock } from '../../support/jumping-clock';
import { RecordingServer, type Answering } from '../../support/recording-server';
import { accountAt } from './support';

const TOKEN = 'secret-token-0123456789';
const CALLS: Readonly<Record<string, (account: Account) => Promise<unknown>>> = {
  'AC-1': (account) => photograph(account, { assetGuid: 'g', count: 1 }, { busyRetries: 3 }),
  'X-AC-b': (account) => findAssetGuid(account, '1'),
  'X-AC-b ': (account) => listAssets(account),
  'X-AC-c': (account) => listRecordFiles(account, 'r'),
};

async function failure(running: Promise<unknown>): Promise<SnapflowError> {
  let given: unknown;
  try {
    given = await running;
  } catch (error) {
    return error as SnapflowError;
  }
  return assert.fail(`gave ${JSON.stringify(given)}`);
}

const FAULTS: Readonly<Record<string, { answer: Answering; code: string }>> = {
  'a result nobody knows': { answer: { body: { Result: 999, Message: 'odd' } }, code: 'PLATFORM_FAILED' },
  'a message that repeats the token': {
    answer: { body: { Result: '102', Message: `no ${TOKEN}`, FObject: [] } },
    code: 'BAD_INPUT',
  },
  'HTML with HTTP 200': { answer: { body: `<html>${TOKEN}</html>` }, code: 'BAD_RESPONSE' },
  'HTML that ends in half a token': {
    answer: { body: 'x'.repeat(70) + TOKEN },
    code: 'BAD_RESPONSE',
  },
  'HTML with HTTP 502': { answer: { status: 502, body: '<html>' }, code: 'PLATFORM_FAILED' },
  'HTTP 429': { answer: { status: 429, body: '', headers: { 'retry-after': '7' } }, code: 'RATE_LIMITED' },
  'an empty body': { answer: { body: '' }, code: 'BAD_RESPONSE' },
  'JSON that breaks off': { answer: { body: '{"Result":200,"Mess' }, code: 'BAD_RESPONSE' },
  'JSON without a result': { answer: { body: { Message: 'ok' } }, code: 'BAD_RESPONSE' },
  'JSON that is no object': { answer: { body: '[]' }, code: 'BAD_RESPONSE' },
  'a connection that breaks': {
    answer: (_request, response: ServerResponse) => {
      response.destroy();
      return undefined;
    },
    code: 'UNREACHABLE',
  },
  'no answer in time': { answer: () => undefined, code: 'TIMEOUT' },
};

describe('AssetsControls: what may go wrong', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());

  for (const [fault, { answer, code }] of Object.entries(FAULTS)) {
    for (const [id, call] of Object.entries(CALLS)) {
      it(`${id} ${fault} is ${code}`, async () => {
        const timeoutMs = fault === 'no answer in time' ? { timeoutMs: 40 } : {};
        const account = accountAt(server.url, { token: TOKEN, clock: new JumpingClock(), ...timeoutMs });
        server.will(answer);
        const error = await failure(call(account));
        await account.close();
        assert.deepEqual([error.code, error.system], [code, 'assetscontrols']);
        const shown = JSON.stringify([error, error.values, error.text, error.stack]);
        assert.ok(!shown.includes(TOKEN) && !shown.includes(TOKEN.slice(0, 9)), shown);
        assert.ok(!error.message.includes('{{'), error.message);
        if (id === 'AC-1') assert.equal(server.requests.length, 1, 'repeated by itself');
        if (code === 'RATE_LIMITED') assert.deepEqual(error.details, { retryAfterMs: 7_000 });
      });
    }
  }

  const DOCUMENTED: readonly (readonly [number, string, boolean])[] = [
    [102, 'BAD_INPUT', false],
    [104, 'AUTH_REJECTED', false],
    [105, 'PLATFORM_FAILED', false],
    [106, 'NOT_FOUND', false],
    [108, 'UNREACHABLE', false],
    [111, 'DEVICE_OFFLINE', true],
    [131, 'DEVICE_REFUSED', false],
    [138, 'TIMEOUT', false],
  ];
  for (const [result, code, retryable] of DOCUMENTED) {
    it(`AC-1 result ${result} is ${code}, sent once, with its meaning in both languages`, async () => {
      server.will({ body: { Result: result, Message: 'its words', FObject: [] } });
      const account = accountAt(server.url);
      const error = await failure(photograph(account, { assetGuid: 'g', count: 1 }, { busyRetries: 3 }));
      await account.close();
      assert.deepEqual([error.code, error.retryable], [code, retryable]);
      assert.deepEqual(error.platform, { code: result, message: 'its words' });
      assert.equal(server.requests.length, 1);
      assert.match(translate(error.text, languageOf('zh')), /[\u4e00-\u9fff]/);
    });
  }

  it('X-AC-a the same code means something else at the login', async () => {
    for (const [result, code] of [
      [102, 'BAD_INPUT'],
      [103, 'AUTH_REJECTED'],
      [105, 'PLATFORM_FAILED'],
      [106, 'AUTH_REJECTED'],
    ] as const) {
      server.will({ body: { Result: result, Message: 'm', FObject: null } });
      const account = accountAt(server.url, { token: '', username: 'u', password: 'p' });
      assert.equal((await failure(listAssets(account))).code, code);
      await account.close();
    }
    assert.notEqual(RESULTS.login[106]?.text, RESULTS.Instruction[106]?.text);
  });

  const ANSWERS: readonly (readonly [unknown, string])[] = [
    ['(1,1,001,CAMERA,9,4,1,)', 'DEVICE_BUSY'],
    ['(1,1,001,CAMERA,9,4,7,x)', 'DEVICE_REFUSED'],
    ['', 'BAD_RESPONSE'],
    [null, 'BAD_RESPONSE'],
    ['(1,1,001,LOCK,1,2,0)', 'BAD_RESPONSE'],
  ];
  for (const [response, code] of ANSWERS) {
    it(`AC-2 the answer ${JSON.stringify(response)} is ${code}, and its text is kept`, async () => {
      server.will({ body: { Result: 200, Message: 'ins send ok', FObject: { response } } });
      const account = accountAt(server.url);
      const error = await failure(photograph(account, { assetGuid: 'g', count: 1 }));
      await account.close();
      assert.deepEqual([error.code, error.details], [code, { response: response ?? '' }]);
    });
  }

  it('AC-1 a success without an object, or with a time that is none, is read as far as it goes', async () => {
    const account = accountAt(server.url);
    for (const FObject of [[], null, 'text', 7]) {
      server.will({ body: { Result: 200, Message: 'ins send ok', FObject } });
      assert.equal((await failure(photograph(account, { assetGuid: 'g', count: 1 }))).code, 'BAD_RESPONSE');
    }
    const response = '(1,1,001,CAMERA,9,4,0)';
    const times = { dateTime: 'yesterday', dateTimestamp: '1766213921046' };
    server.will({ body: { Result: '200', FObject: [{ response, ...times }] } });
    const given = await photograph(account, { assetGuid: 'g', count: 1 });
    assert.deepEqual(given, { assetGuid: 'g', at: '2025-12-20T06:58:41.046Z', busyTries: 0, response });
    await account.close();
  });

  it('AC-2 reads the camera’s answer in whatever surrounds it', () => {
    const done = { terminal: '804250900200', status: 0, file: '700160818000_1769373855' };
    const sample = '(804250900200,1,001,CAMERA,9,4,0,700160818000_1769373855)';
    assert.deepEqual(parseCameraReply(sample), done);
    assert.deepEqual(parseCameraReply(`\r\n${sample}(804250900200,1,001,CAMERA,9,4,1,)`), done);
    assert.deepEqual(parseCameraReply(sample.replaceAll(',', ' , ').replace(')', ',more)')), done);
    assert.deepEqual(parseCameraReply('(a,1,001,CAMERA,9,4,1)'), { terminal: 'a', status: 1 });
    for (const none of ['', 'ok', '(a,1,001,CAMERA,9,4)', '(a,1,001,CAMERA,9,4,x,y)', sample.slice(0, -1)]) {
      assert.equal(parseCameraReply(none), undefined, none);
    }
  });

  it('AC-2 never fails on any text, and finds what is there', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(99), fc.string(), (before, status, after) => {
        parseCameraReply(before);
        const found = parseCameraReply(
          `${before.replaceAll('(', '')}(7,1,001,CAMERA,9,4,${status},f)${after}`,
        );
        assert.deepEqual(found, { terminal: '7', status, file: 'f' });
      }),
    );
  });
});
