import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import type { SnapflowError } from '../../../lib/errors';
import { Account, operations, runOperation, type AnyOperation } from '../../../lib/onenet';
import { JumpingClock } from '../../support/jumping-clock';
import { RecordingServer, type Answering } from '../../support/recording-server';
import { CASES } from './cases';
import { accountAt, collect, JPEG, parts } from './support';

const KEY = 'secret-key-0123456789';

async function failure(account: Account, operation: AnyOperation, input: Record<string, unknown>) {
  let given: unknown;
  try {
    const running = runOperation(operation, account, input);
    given = operation.output === 'list' ? await collect(running as AsyncIterable<unknown>) : await running;
  } catch (error) {
    return error as SnapflowError;
  }
  return assert.fail(`${operation.name} gave ${JSON.stringify(given)}`);
}

/** What may go wrong with any answer, and what it must be called. */
const FAULTS: Readonly<Record<string, { answer: Answering; codes: readonly string[] }>> = {
  'an errno nobody knows': {
    answer: { body: { errno: 4711, error: 'strange' } },
    codes: ['PLATFORM_FAILED'],
  },
  'an errno as text': { answer: { body: { errno: '401', error: 'auth failed' } }, codes: ['AUTH_REJECTED'] },
  'a phrase under an unknown errno': {
    answer: { body: { errno: 33, error: 'device not online' } },
    codes: ['DEVICE_OFFLINE'],
  },
  'a key that it repeats': {
    answer: { body: { errno: 403, error: `access deny for ${KEY}` } },
    codes: ['AUTH_REJECTED'],
  },
  'HTML of a proxy with HTTP 200': {
    answer: { type: 'text/html', body: `<html>${KEY} Log in first</html>` },
    codes: ['BAD_RESPONSE'],
  },
  'HTML with HTTP 502': {
    answer: { status: 502, type: 'text/html', body: '<html>Bad gateway</html>' },
    codes: ['PLATFORM_FAILED'],
  },
  'HTTP 429': { answer: { status: 429, body: '' }, codes: ['RATE_LIMITED'] },
  'HTTP 401': { answer: { status: 401, body: 'no' }, codes: ['AUTH_REJECTED'] },
  'an empty body': { answer: { body: '' }, codes: ['BAD_RESPONSE'] },
  'JSON that breaks off': { answer: { body: '{"errno":0,"error":"succ","da' }, codes: ['BAD_RESPONSE'] },
  'JSON that is no object': { answer: { body: '[1,2]' }, codes: ['BAD_RESPONSE'] },
  'JSON without errno': { answer: { body: { data: [] } }, codes: ['BAD_RESPONSE'] },
  'a connection that breaks': {
    answer: (_request, response: ServerResponse) => {
      response.destroy();
      return undefined;
    },
    codes: ['UNREACHABLE'],
  },
  'no answer in time': { answer: () => undefined, codes: ['TIMEOUT'] },
};

describe('OneNET operations: what may go wrong', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());

  const byName = (name: string): AnyOperation => {
    const found = operations.find((operation) => operation.name === name);
    return found ?? assert.fail(name);
  };

  for (const [fault, { answer, codes }] of Object.entries(FAULTS)) {
    it(`ON-1.1 … ON-15.4: ${fault}`, async () => {
      const account = accountAt(server.url, {
        apiKey: KEY,
        clock: new JumpingClock(),
        ...(fault === 'no answer in time' && { timeoutMs: 40, maxConnections: 50 }),
      });
      for (const operation of operations) {
        if (operation.name === 'downloadFile' && codes.includes('BAD_RESPONSE')) continue; // any bytes are a file
        server.will(answer);
        const error = await failure(account, operation, CASES[operation.name]?.[0]?.input ?? {});
        const shown = `${operation.name}: ${JSON.stringify(error)}`;
        // Waiting for an answer goes on through passing failures, until its own limit.
        const expected = operation.name === 'followCommand' ? [...codes, 'TIMEOUT'] : codes;
        assert.ok(expected.includes(error.code), shown);
        assert.equal(error.system, 'onenet', shown);
        assert.ok(!JSON.stringify([error, error.values, error.text, error.stack]).includes(KEY), shown);
        const [first, ...others] = server.requests.map(({ method, target }) => `${method} ${target}`);
        if (operation.sideEffects) assert.ok(!others.includes(first ?? ''), `${operation.name} was repeated`);
      }
      await account.close();
    });
  }

  it('ON-1.1 … ON-15.4: on a kept connection that is dead, what has side effects is not sent again, also no GET', async () => {
    const broken: Answering = (_request, response) => {
      response.destroy();
      return undefined;
    };
    for (const operation of operations) {
      const account = accountAt(server.url, { clock: new JumpingClock(), maxConnections: 1 });
      server.will({ body: { errno: 0, data: { boot_address: 'b', boot_port: 1 } } }, broken);
      await runOperation(byName('getBootAddress'), account, {});
      const error = await failure(account, operation, CASES[operation.name]?.[0]?.input ?? {});
      await account.close();
      assert.equal(error.code, operation.name === 'followCommand' ? 'TIMEOUT' : 'UNREACHABLE');
      const sent = server.requests.length - 1;
      if (operation.sideEffects) assert.equal(sent, 1, operation.name);
      else assert.ok(sent > 1, operation.name);
    }
  });

  const WRONG_SHAPES: readonly unknown[] = [7, 'text', true, [7], [[]], { data: 7 }];
  for (const operation of operations) {
    const [first] = CASES[operation.name] ?? [];
    const gives = first?.gives;
    // What only says "done", or passes bytes on, has no content to be wrong.
    const saysDone = ['deleteDevice', 'updateDevice', 'downloadFile', 'renameVideo', 'uploadPicture'];
    const hasContent = !operation.sideEffects || ['createDevice', 'registerDevice'].includes(operation.name);
    if (!hasContent || saysDone.includes(operation.name) || gives === undefined) continue;
    it(`${operation.id} ${operation.name}: content of the wrong kind is a bad response, never a crash`, async () => {
      const account = accountAt(server.url, { clock: new JumpingClock() });
      for (const content of WRONG_SHAPES) {
        server.will({ body: { errno: 0, error: 'succ', data: content } });
        const error = await failure(account, operation, first?.input ?? {});
        assert.ok(
          ['BAD_RESPONSE', 'TIMEOUT'].includes(error.code),
          `${JSON.stringify(content)}: ${error.code}`,
        );
      }
      await account.close();
    });
  }

  const DOCUMENTED: readonly (readonly [string, string, number, number, string])[] = [
    ['ON-2.3', 'addChannel', 16, 200, 'BAD_INPUT'],
    ['ON-2.4', 'modifyChannel', 17, 200, 'NOT_FOUND'],
    ['ON-4.1', 'getPlayAddress', 1, 200, 'BAD_INPUT'],
    ['ON-4.1', 'getPlayAddress', 2, 200, 'PLATFORM_FAILED'],
    ['ON-4.1', 'getPlayAddress', 3, 200, 'NOT_FOUND'],
    ['ON-4.1', 'getPlayAddress', 4, 200, 'DEVICE_OFFLINE'],
    ['ON-4.1', 'getPlayAddress', 5, 200, 'BAD_RESPONSE'],
    ['ON-15.1', 'uploadFile', 400, 400, 'BAD_INPUT'],
    ['ON-15.1', 'uploadFile', 401, 401, 'AUTH_REJECTED'],
    ['ON-15.1', 'uploadFile', 403, 403, 'AUTH_REJECTED'],
    ['ON-15.2', 'downloadFile', 404, 404, 'NOT_FOUND'],
    ['ON-15.3', 'deleteFile', 404, 404, 'NOT_FOUND'],
    ['ON-15.1', 'uploadFile', 405, 405, 'BAD_INPUT'],
    ['ON-15.1', 'uploadFile', 413, 413, 'TOO_LARGE'],
    ['ON-15.1', 'uploadFile', 500, 500, 'PLATFORM_FAILED'],
    ['ON-15.1', 'uploadFile', 502, 502, 'PLATFORM_FAILED'],
    ['ON-15.1', 'uploadFile', 503, 503, 'PLATFORM_FAILED'],
    ['ON-15.1', 'uploadFile', 504, 504, 'PLATFORM_FAILED'],
    ['ON-15.1', 'uploadFile', 1001, 400, 'BAD_INPUT'],
    ['ON-15.1', 'uploadFile', 1002, 400, 'BAD_INPUT'],
    ['ON-15.1', 'uploadFile', 1003, 400, 'BAD_INPUT'],
  ];
  for (const [id, name, errno, status, code] of DOCUMENTED) {
    it(`${id} ${name}: errno ${errno} with HTTP ${status} is ${code}, and keeps the platform’s own words`, async () => {
      server.will({ status, body: { errno, error: 'its words' } });
      const account = accountAt(server.url);
      const error = await failure(account, byName(name), CASES[name]?.[0]?.input ?? {});
      await account.close();
      assert.equal(error.code, code);
      const httpStatus = status === 200 ? {} : { httpStatus: status };
      assert.deepEqual(error.platform, { code: errno, message: 'its words', ...httpStatus });
      assert.ok(!error.message.includes('{{'), error.message);
    });
  }

  it('calls an unknown refusal final and a failing platform passing', async () => {
    const account = accountAt(server.url);
    server.will({ body: { errno: 4711, error: 'strange' } });
    assert.equal((await failure(account, byName('getDevice'), { deviceId: 1 })).retryable, false);
    server.will({ status: 503, body: 'down' });
    assert.equal((await failure(account, byName('getDevice'), { deviceId: 1 })).retryable, true);
    await account.close();
  });

  describe('commands', () => {
    const send = { deviceId: '1', content: { a: 1 }, answer: true, timeLimitMs: 10_000 };
    const command = (cmd_status: unknown, dev_resp?: unknown) => ({
      body: { errno: 0, error: 'succ', data: { cmd_uuid: 'u', cmd_status, dev_resp } },
    });

    const STATES: readonly (readonly [string, number, string, boolean])[] = [
      ['offline', 0, 'DEVICE_OFFLINE', true],
      ['not to be sent', 3, 'UNREACHABLE', true],
      ['not answered in time', 5, 'TIMEOUT', false],
      ['answered with bad data', 6, 'BAD_RESPONSE', false],
      ['in a state that nobody knows', 9, 'BAD_RESPONSE', false],
    ];
    for (const [what, status, code, retryable] of STATES) {
      it(`ON-3.1 a command that is ${what} (cmd_status ${status}) is ${code}, at once or when followed up`, async () => {
        const account = accountAt(server.url, { clock: new JumpingClock() });
        server.will(command(status));
        const atOnce = await failure(account, byName('sendCommand'), send);
        server.will(command(1), { body: { errno: 0, data: { status } } });
        const later = await failure(account, byName('sendCommand'), send);
        await account.close();
        for (const error of [atOnce, later]) {
          assert.deepEqual([error.code, error.retryable, error.platform?.code], [code, retryable, status]);
        }
        assert.equal(server.requests.length, 2);
      });
    }

    const CODES: readonly (readonly [number, string])[] = [
      [1, 'NOT_FOUND'],
      [2, 'NOT_FOUND'],
      [3, 'DEVICE_REFUSED'],
      [4, 'DEVICE_REFUSED'],
      [5, 'DEVICE_REFUSED'],
      [6, 'DEVICE_BUSY'],
      [7, 'DEVICE_REFUSED'],
      [99, 'DEVICE_REFUSED'],
    ];
    for (const [resp_code, code] of CODES) {
      it(`ON-3.1 the device’s own code ${resp_code} is ${code}`, async () => {
        const account = accountAt(server.url);
        server.will(command(4, { resp_code, resp_data: Buffer.from('why').toString('base64') }));
        const error = await failure(account, byName('sendCommand'), send);
        await account.close();
        assert.deepEqual([error.code, error.platform], [code, { code: resp_code, message: 'why' }]);
        assert.ok(!error.message.includes('{{'), error.message);
      });
    }

    it('ON-3.1s asks with growing pauses, and ends at the time limit without sending again', async () => {
      const clock = new JumpingClock();
      const account = accountAt(server.url, { clock });
      server.will(command(1), { body: { errno: 0, data: { status: 2 } } });
      const error = await failure(account, byName('sendCommand'), send);
      await account.close();
      assert.deepEqual([error.code, error.retryable], ['TIMEOUT', false]);
      assert.deepEqual(clock.waits, [500, 750, 1125, 1687.5, 2531.25]);
      assert.equal(server.requests.filter(({ method }) => method === 'POST').length, 1);
    });

    it('ON-3.1s follows on through failures of its questions, also when the state is missing at first', async () => {
      const account = accountAt(server.url, { clock: new JumpingClock() });
      server.will(
        { body: { errno: 0, data: { cmd_uuid: 'u' } } },
        { status: 503, body: 'down' },
        { body: { errno: 500, error: 'system internal error' } },
        { body: { errno: 0, data: {} } },
        { body: { errno: 0, data: { status: 4 } } },
        { status: 504, body: '' },
        { body: { errno: 0, data: { status: 4 } } },
        { body: { errno: 0, resp: Buffer.from('"yes"').toString('base64') } },
      );
      const result = await runOperation(byName('sendCommand'), account, send);
      await account.close();
      assert.deepEqual(result, { commandId: 'u', state: 'answered', answer: { value: 'yes' } });
    });

    it('ON-3.1s does not go on when the key is refused meanwhile', async () => {
      const account = accountAt(server.url, { clock: new JumpingClock() });
      server.will(command(1), { body: { errno: 401, error: 'auth failed' } });
      const error = await failure(account, byName('sendCommand'), send);
      await account.close();
      assert.deepEqual([error.code, server.requests.length], ['AUTH_REJECTED', 2]);
    });

    it('ON-3.1 without an answer wanted, follows a command that has not gone out yet until it has', async () => {
      const account = accountAt(server.url, { clock: new JumpingClock() });
      server.will(
        command(1),
        { body: { errno: 0, data: { status: 1 } } },
        { body: { errno: 0, data: { status: 2 } } },
      );
      const result = await runOperation(byName('sendCommand'), account, { ...send, answer: false });
      await account.close();
      assert.deepEqual(result, { commandId: 'u', state: 'sent' });
    });

    it('ON-3.1 that wants an answer says so when the platform names no command to ask for', async () => {
      const account = accountAt(server.url);
      server.will({ body: { errno: 0, data: { cmd_status: 2 } } });
      assert.equal((await failure(account, byName('sendCommand'), send)).code, 'BAD_RESPONSE');
      server.will({ body: { errno: 0, error: 'succ' } });
      assert.deepEqual(await runOperation(byName('sendCommand'), account, { ...send, answer: false }), {
        state: 'created',
      });
      await account.close();
    });

    it('ON-3.1 stops waiting when its caller does', async () => {
      const clock = new JumpingClock();
      clock.setTimeout = () => undefined;
      const account = accountAt(server.url, { clock });
      const aborting = new AbortController();
      server.will(command(1), () => {
        setImmediate(() => aborting.abort());
        return { body: { errno: 0, data: { status: 1 } } };
      });
      const running = runOperation(byName('sendCommand'), account, send, { signal: aborting.signal });
      await assert.rejects(running as Promise<unknown>, { code: 'CLOSED', system: 'onenet' });
      await account.close();
    });
  });

  describe('pictures', () => {
    const upload = { deviceId: '1', channelId: '1', picture: JPEG };
    const taken = { body: { errno: 18, error: 'the picture name is in use' } };
    const known = { body: { errno: 0, data: { name: 'gate' } } };
    const unknown = { body: { errno: 404, error: 'not exist' } };

    it('ON-5.1 a name that is taken is an error of its own, recognised by asking for the picture', async () => {
      const account = accountAt(server.url);
      server.will(taken, known);
      const error = await failure(account, byName('uploadPicture'), { ...upload, name: 'gate' });
      await account.close();
      assert.deepEqual([error.code, error.details], ['BAD_INPUT', { duplicate: true }]);
      assert.match(error.message, /already has a picture named “gate”/);
      assert.deepEqual(parts(server.requests[1] ?? assert.fail()).path, '/ipc/video/picture/get_info');
    });

    it('ON-5.1 a made name that is taken means that an earlier try arrived', async () => {
      const account = accountAt(server.url);
      server.will(taken, known);
      const result = (await runOperation(byName('uploadPicture'), account, upload)) as {
        alreadyStored: boolean;
      };
      await account.close();
      assert.equal(result.alreadyStored, true);
    });

    it('ON-5.1 another refusal stays what it is', async () => {
      const account = accountAt(server.url);
      server.will(taken, unknown);
      const error = await failure(account, byName('uploadPicture'), { ...upload, name: 'gate' });
      await account.close();
      assert.deepEqual([error.code, error.platform?.code], ['PLATFORM_FAILED', 18]);
    });

    it('ON-5.1 refuses what is no JPEG or PNG before sending', async () => {
      const account = accountAt(server.url);
      server.will(known);
      for (const [picture, code] of [
        [Buffer.from('GIF89a\n\0\x14\0\0\0\0\0\0'), 'UNSUPPORTED_FORMAT'],
        [Buffer.from('this is a text, no picture'), 'UNSUPPORTED_FORMAT'],
        [Buffer.alloc(0), 'BAD_INPUT'],
        ['text', 'BAD_INPUT'],
      ] as const) {
        const error = await failure(account, byName('uploadPicture'), { ...upload, picture });
        assert.equal(error.code, code);
      }
      await account.close();
      assert.equal(server.requests.length, 0);
    });

    it('ON-5.5 sends the api-key to the host of the account only, also through a redirection', async () => {
      const other = await RecordingServer.open();
      const account = accountAt(server.url);
      const fetching = { deviceId: '1', channelId: '1', name: 'n', url: `${other.url}/x.jpg?token=t` };
      other.will({ body: JPEG });
      await runOperation(byName('fetchPicture'), account, fetching);
      assert.equal(other.requests[0]?.headers['api-key'], undefined);

      server.will({ status: 302, headers: { location: `${other.url}/y.jpg` } });
      other.will({ body: JPEG });
      await runOperation(byName('fetchPicture'), account, { ...fetching, url: '/own.jpg' });
      await account.close();
      assert.equal(server.requests[0]?.headers['api-key'], 'test-key');
      assert.deepEqual(
        [other.requests[0]?.target, other.requests[0]?.headers['api-key']],
        ['/y.jpg', undefined],
      );
      await other.close();
    });

    it('ON-5.5 says so when there is no address, or something else than a picture behind it', async () => {
      const account = accountAt(server.url);
      const fetching = { deviceId: '1', channelId: '1', name: 'n' };
      for (const url of ['ftp://192.0.2.1/x.jpg', 'file:///etc/passwd', 'http://']) {
        assert.equal(
          (await failure(account, byName('fetchPicture'), { ...fetching, url })).code,
          'BAD_RESPONSE',
        );
      }
      server.will({ body: { errno: 0, data: { name: 'n' } } });
      assert.match((await failure(account, byName('fetchPicture'), fetching)).message, /no address/);
      server.will({ status: 404, body: '' });
      assert.equal(
        (await failure(account, byName('fetchPicture'), { ...fetching, url: '/x' })).code,
        'NOT_FOUND',
      );
      server.will({ body: 'some other bytes' });
      const error = await failure(account, byName('fetchPicture'), { ...fetching, url: '/x?token=hidden' });
      assert.equal(error.code, 'BAD_RESPONSE');
      assert.ok(!error.message.includes('hidden'));
      await account.close();
    });

    it('X-ON-a says that the device failed when its result is not 1', async () => {
      const account = accountAt(server.url);
      const answer = Buffer.from('{"cmdId":32,"result":0}').toString('base64');
      server.will({
        body: {
          errno: 0,
          data: { cmd_uuid: 'u', cmd_status: 4, dev_resp: { resp_code: 0, resp_data: answer } },
        },
      });
      const take = () => failure(account, byName('takePicture'), { deviceId: '1', channelId: 1 });
      const error = await take();
      assert.deepEqual([error.code, error.platform?.code], ['DEVICE_REFUSED', 0]);
      const nothing = { resp_code: 0, resp_data: '' };
      server.will({ body: { errno: 0, data: { cmd_uuid: 'u', cmd_status: 4, dev_resp: nothing } } });
      assert.equal((await take()).code, 'DEVICE_REFUSED');
      await account.close();
    });

    it('X-ON-a gives up on a picture that the platform never gets, and names it', async () => {
      const account = accountAt(server.url, { clock: new JumpingClock() });
      const answer = Buffer.from('{"cmdId":32,"result":1,"cmd":{"name":"late"}}').toString('base64');
      server.will(
        {
          body: {
            errno: 0,
            data: { cmd_uuid: 'u', cmd_status: 4, dev_resp: { resp_code: 0, resp_data: answer } },
          },
        },
        { body: { errno: 77, error: 'picture' } },
      );
      const error = await failure(account, byName('takePicture'), {
        deviceId: '1',
        channelId: 1,
        timeLimitMs: 5000,
      });
      await account.close();
      assert.deepEqual([error.code, error.details], ['TIMEOUT', { name: 'late' }]);
    });
  });

  it('ON-4.2 ON-4.3 say so when the platform names a host that cannot be one', async () => {
    const account = accountAt(server.url);
    server.will({ body: { errno: 0, data: { addr: 'no host', accessToken: 't' } } });
    for (const name of ['preloadHls', 'takeThumbnail']) {
      const error = await failure(account, byName(name), { deviceId: '1', channelId: '1' });
      assert.equal(error.code, 'BAD_RESPONSE', name);
    }
    await account.close();
  });

  it('ON-6.3 says so when the results cannot be joined to the ids', async () => {
    const account = accountAt(server.url);
    server.will({ body: { errno: 0, data: [{ code: 0 }] } });
    const input = { deviceId: '1', channelId: '1', videoIds: ['a', 'b'] };
    assert.equal((await failure(account, byName('deleteVideos'), input)).code, 'PARTLY_DONE');
    await account.close();
  });

  it('ON-9 says so when the platform repeats a page instead of giving the next', async () => {
    const account = accountAt(server.url);
    const same = {
      body: {
        errno: 0,
        result: [{ create_time: '2018-01-01 16:27:40', msg_id: 1, msg: 'YQ==' }],
        page_info: { total_num: 9, page_total: 9, current_page: 1 },
      },
    };
    server.will(same);
    const input = { deviceId: '1', startTime: 1, endTime: 2 };
    const error = await failure(account, byName('listDeviceMessages'), input);
    await account.close();
    assert.deepEqual([error.code, error.details], ['PARTLY_DONE', { got: 1, total: 9 }]);
  });

  it('ON-13.1 gives up when the platform forgets the list again and again', async () => {
    const account = accountAt(server.url);
    const page = {
      body: { errno: 0, result: [{ deviceid: 1 }], page_info: { page_total: 2, page_key: 'k' } },
    };
    const forgotten = { body: { errno: 77, error: 'page_key' } };
    server.will(page, forgotten, page, forgotten, page, forgotten);
    const error = await failure(account, byName('listViewers'), { productId: '1' });
    await account.close();
    assert.deepEqual([error.platform?.code, server.requests.length], [77, 6]);
  });
});
