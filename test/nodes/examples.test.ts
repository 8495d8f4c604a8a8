import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { entries, literal, manifest, nodeParts, property, registration, root } from './support/package';

interface ExampleNode {
  id: string;
  type: string;
  z?: string;
  name?: string;
  info?: string;
  wires?: string[][];
  credentials?: unknown;
  [property: string]: unknown;
}

const CORE = new Set([
  'tab',
  'comment',
  'inject',
  'debug',
  'catch',
  'status',
  'complete',
  'group',
  'switch',
  'change',
  'delay',
  'link in',
  'link out',
  'join',
  'split',
  'template',
  'http in',
  'http response',
]);

const examples = readdirSync(join(root, 'examples'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    file,
    nodes: JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as ExampleNode[],
  }));

describe('examples', () => {
  it('use every node type of the package, among them the tour', () => {
    const used = new Set(examples.flatMap(({ nodes }) => nodes.map(({ type }) => type)));
    assert.deepEqual(
      nodeParts.filter(({ name }) => !used.has(name)).map(({ name }) => name),
      [],
    );
    assert.ok(examples.some(({ file }) => file === 'tour.json'));
  });

  const ports = new Map<unknown, string>();
  for (const { file, nodes } of examples) {
    const byId = new Map(nodes.map((node) => [node.id, node]));

    it(`${file}: is made of our nodes and Node-RED's own, properly wired`, () => {
      for (const node of nodes) {
        assert.ok(CORE.has(node.type) || node.type in manifest['node-red'].nodes, node.type);
        for (const target of (node.wires ?? []).flat()) assert.ok(byId.has(target), `${node.id} → ${target}`);
        if (node.type !== 'tab') assert.equal(byId.get(node.z ?? '')?.type, 'tab');
      }
    });

    it(`${file}: sets what our nodes know and nothing else`, () => {
      for (const node of nodes) {
        const part = nodeParts.find(({ name }) => name === node.type);
        if (!part) continue;
        const defaults = entries(property(registration(part.html)?.definition, 'defaults'));
        const known = [...defaults.map(([name]) => name), 'id', 'type', 'z', 'x', 'y', 'wires'];
        assert.deepEqual(
          Object.keys(node).filter((name) => !known.includes(name)),
          [],
          node.type,
        );
        for (const [name, value] of defaults) {
          assert.ok(name in node, `${node.type} lacks ${name}`);
          const config = literal(property(value, 'type'));
          if (config && node[name]) assert.equal(byId.get(node[name] as string)?.type, config);
        }
      }
    });

    it(`${file}: holds no credentials`, () => {
      for (const node of nodes) assert.equal('credentials' in node, false, node.id);
    });

    it(`${file}: explains itself in both languages`, () => {
      const comments = nodes.filter(({ type }) => type === 'comment');
      assert.ok(comments.some(({ info = '' }) => /[a-z]{4}/.test(info) && !/\p{Script=Han}/u.test(info)));
      assert.ok(comments.some(({ info = '' }) => /\p{Script=Han}{4}/u.test(info)));
    });

    it(`${file}: plays its own simulators, on ports that no other example uses`, () => {
      for (const node of nodes) {
        if (node.type !== 'snapflow-simulator') continue;
        assert.equal(ports.get(node['port']) ?? file, file);
        ports.set(node['port'], file);
      }
      for (const { address, endpoint } of nodes as Array<{ address?: string; endpoint?: string }>) {
        const place = address ?? endpoint;
        if (place === undefined) continue;
        const { hostname, port } = new URL(place);
        assert.equal(hostname, '127.0.0.1');
        assert.ok(
          nodes.some((node) => node.type === 'snapflow-simulator' && String(node['port']) === port),
          place,
        );
      }
    });
  }
});
