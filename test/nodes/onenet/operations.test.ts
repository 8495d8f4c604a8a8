import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { operations } from '../../../lib/onenet';
import { nodeOperations, shownOperations } from '../../../nodes/onenet/node-operations';
import { RecordingServer, type Canned } from '../../support/recording-server';
import { CASES } from '../../lib/onenet/cases';
import { help, LANGUAGES, manifest, nodeParts, parts, strings, type Part } from '../support/package';
import { startRuntime, type Runtime } from '../support/runtime';
import { flowWith, fromInput, modules, type CaughtError } from './support';

describe('every operation of OneNET has its place', () => {
  it('in the dialog of a node, in both languages', () => {
    const english = shownOperations('en-US');
    const chinese = shownOperations('zh-CN');
    for (const { name, node } of operations) {
      const shown = english.find((one) => one.name === name);
      assert.equal(shown?.node, node, name);
      assert.ok(node in manifest['node-red'].nodes, node);
    }
    for (const [index, shown] of english.entries()) {
      assert.match(chinese[index]?.title ?? '', /\p{Script=Han}/u, shown.name);
      for (const [place, { label }] of shown.fields.entries()) {
        assert.match(
          chinese[index]?.fields[place]?.label ?? '',
          /\p{Script=Han}|ID|URL/u,
          `${shown.name}: ${label}`,
        );
      }
    }
  });

  for (const language of LANGUAGES) {
    it(`in the help of its node (${language})`, () => {
      for (const { name, node, title } of shownOperations(language)) {
        const part = nodeParts.find((one) => one.name === node) as Part;
        const text = help(part, language).replace(/\s+/g, language === 'zh-CN' ? '' : ' ');
        const wanted = language === 'zh-CN' ? title.replace(/\s+/g, '') : title;
        assert.ok(text.includes(`<li><em>${wanted}</em>`), `${name}: ${title}`);
      }
    });
  }

  it('and its status words', () => {
    for (const [name, wanted] of [
      ['snapflow-onenet', ['working', 'done', 'listed', 'watching']],
      ['snapflow-outbox', ['uploading', 'uploaded', 'held', 'retrying']],
    ] as const) {
      const plugin = parts.find((part) => part.name === name) as Part;
      for (const language of LANGUAGES) {
        const words = strings(plugin, language);
        for (const word of wanted) assert.ok((words.get(`status.${word}`) ?? '').length > 0, word);
      }
    }
  });

  it('and no name twice', () => {
    const names = nodeOperations.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });
});

describe('OneNET nodes run every operation', () => {
  let server: RecordingServer;
  let runtime: Runtime;
  before(async () => {
    server = await RecordingServer.open();
    // The test helper loads the catch node only when the first flow has one.
    runtime = await startRuntime(modules, flowWith(server.url, { type: 'onenet-device' }));
  });
  after(async () => {
    await runtime.stop();
    await server.close();
  });

  for (const operation of operations) {
    const one = CASES[operation.name]?.[0];
    it(`${operation.id} ${operation.name}`, async () => {
      assert.ok(one, 'has no case');
      server.will(...one.answers.map((answer) => cannedFor(answer, server)));
      const fields = fromInput(Object.keys(operation.fields));
      const changes: Record<string, object> = {
        tab: { env: [{ name: 'KEY', value: 'test-key', type: 'str' }] },
        acc: { z: 'tab', apiKeyType: 'env', apiKeyFrom: 'KEY', ...one.account },
        // What fails arrives in the same place.
        catch: { wires: [['out']] },
      };
      const node = { type: operation.node, operation: operation.name, fields, listAs: 'array' };
      await runtime.deploy(
        flowWith(server.url, node).map((config) => ({ ...config, ...changes[config.id] })),
      );
      runtime.send('n', { input: one.input, topic: 'kept' });
      const msg = await runtime.inbox('out').next();
      assert.equal((msg['error'] as CaughtError | undefined)?.message, undefined);
      assert.equal(msg.topic, 'kept');
      const wanted = withHost(one.gives, server);
      if (operation.output === 'picture') {
        const facts = msg['picture'] as Record<string, unknown>;
        assert.ok(Buffer.isBuffer(msg.payload));
        // A live thumbnail is of now; the library's tests stop the clock, a runtime's goes on.
        const { takenAt: _now, ...rest } = wanted as Record<string, unknown>;
        for (const [name, value] of Object.entries(
          operation.name === 'takeThumbnail' ? rest : (wanted as object),
        ))
          assert.deepEqual(facts[name], value, name);
      } else assert.deepEqual(msg.payload, wanted);
      assert.equal(server.requests.length, one.wants.length);
      assert.equal(runtime.completions('n').all.at(-1)?.error, undefined);
    });
  }
});

function cannedFor(answer: unknown, server: RecordingServer): Canned {
  const isCanned = typeof answer === 'object' && answer !== null && ('body' in answer || 'status' in answer);
  return isCanned ? (answer as Canned) : { body: withHost(answer, server) };
}

/** `{{host}}` in any text of it replaced. */
function withHost(value: unknown, server: RecordingServer): unknown {
  if (typeof value === 'string') return value.replaceAll('{{host}}', server.url.slice('http://'.length));
  if (Array.isArray(value)) return value.map((item) => withHost(item, server));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withHost(part, server)]));
}
