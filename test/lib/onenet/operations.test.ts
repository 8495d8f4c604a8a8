import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { operations, runOperation, type AnyOperation } from '../../../lib/onenet';
import { JumpingClock } from '../../support/jumping-clock';
import { RecordingServer, type Canned, type Recorded } from '../../support/recording-server';
import { CASES, type Case, type Wanted } from './cases';
import { accountAt, collect, parts } from './support';

describe('OneNET operations: request on the wire and decoded answer', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());

  it('has a case for every operation', () => {
    const untested = operations.filter(({ name }) => !CASES[name]?.length).map(({ name }) => name);
    assert.deepEqual(untested, []);
    const names = operations.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(CASES).filter((name) => !names.includes(name)),
      [],
    );
  });

  for (const operation of operations) {
    for (const one of CASES[operation.name] ?? []) {
      it(`${operation.id} ${operation.name} ${one.title ?? ''}`.trim(), async () => {
        server.will(...one.answers.map((answer) => cannedFor(answer, server)));
        const account = accountAt(server.url, { clock: new JumpingClock(), ...one.account });
        const given = await result(operation, account, one);
        await account.close();
        const wanted = withHost(one.gives, server);
        if (operation.output === 'picture') assertFacts(given, wanted);
        else assert.deepEqual(given, wanted);
        assert.equal(server.requests.length, one.wants.length);
        for (const [index, want] of one.wants.entries()) assertSent(server.requests[index], want);
      });
    }
  }
});

async function result(operation: AnyOperation, account: Parameters<AnyOperation>[0], { input }: Case) {
  const running = runOperation(operation, account, input);
  return operation.output === 'list' ? collect(running as AsyncIterable<unknown>) : await running;
}

function assertFacts(given: unknown, wanted: unknown): void {
  const { data, info } = given as { data: Buffer; info: Record<string, unknown> };
  assert.equal(info['bytes'], data.length);
  for (const [name, value] of Object.entries(wanted as object)) assert.deepEqual(info[name], value, name);
}

function assertSent(request: Recorded | undefined, want: Wanted): void {
  assert.ok(request);
  const { path, query } = parts(request);
  assert.equal(`${request.method} ${path}`, `${want.method} ${want.path}`);
  assert.deepEqual(query, want.query ?? {});
  assert.equal(request.headers['api-key'], want.key === 'none' ? undefined : 'test-key');
  assert.equal(request.headers['transfer-encoding'], undefined);
  const hasJson = 'json' in want;
  const body = hasJson ? JSON.stringify(want.json) : (want.body ?? '');
  assert.deepEqual(request.body, Buffer.from(body));
  if (/^(POST|PUT)$/.test(request.method))
    assert.equal(request.headers['content-length'], String(request.body.length));
  assert.equal(request.headers['content-type'], hasJson ? 'application/json' : want.contentType);
}

function isCanned(answer: unknown): answer is Canned {
  return typeof answer === 'object' && answer !== null && ('body' in answer || 'status' in answer);
}

function cannedFor(answer: unknown, server: RecordingServer): Canned {
  return isCanned(answer) ? answer : { body: withHost(answer, server) };
}

/** `{{host}}` in any text of it replaced. */
function withHost(value: unknown, server: RecordingServer): unknown {
  if (typeof value === 'string') return value.replaceAll('{{host}}', server.url.slice('http://'.length));
  if (Array.isArray(value)) return value.map((item) => withHost(item, server));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withHost(part, server)]));
}
