import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import {
  editorScript,
  entries,
  literal,
  manifest,
  nodeParts,
  parts,
  property,
  registration,
  root,
  template,
} from './support/package';

const ids = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map((match) => match[1] as string);

describe('dialogs', () => {
  it('are all in package.json', () => {
    const found = readdirSync(join(root, 'nodes'), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.html') && !file.includes('locales'))
      .map((file) => `dist/nodes/${file.replaceAll('\\', '/').replace(/\.html$/, '')}`);
    const listed = Object.values({ ...manifest['node-red'].nodes, ...manifest['node-red'].plugins });
    assert.deepEqual(found.sort(), listed.map((file) => file.replace(/\.\w+$/, '')).sort());
  });

  for (const part of nodeParts) {
    const registered = registration(part.html);
    const definition = registered?.definition;
    const dialog = template(part.html);
    const isConfig = literal(property(definition, 'category')) === 'config';
    const prefix = isConfig ? 'node-config-input-' : 'node-input-';

    it(`${part.name}: is registered by a literal that the flow library can read`, () => {
      assert.equal(registered?.type, part.name);
      assert.match(part.html, new RegExp(`data-template-name="${part.name}"`));
      assert.ok(property(definition, 'paletteLabel'));
      if (isConfig) return;
      assert.equal(literal(property(definition, 'category')), 'Snapflow');
      for (const name of ['color', 'icon', 'inputs', 'outputs']) {
        assert.notEqual(literal(property(definition, name)), undefined, name);
      }
      assert.ok(existsSync(join(root, 'icons', literal(property(definition, 'icon')) ?? '')));
    });

    it(`${part.name}: has a version, and every property its field`, () => {
      const names = entries(property(definition, 'defaults')).map(([name]) => name);
      const credentials = entries(property(definition, 'credentials')).map(([name]) => name);
      assert.equal(literal(property(property(property(definition, 'defaults'), 'version'), 'value')), '1');
      const fields = ids(dialog, new RegExp(`id="${prefix}([^"]+)"`, 'g'));
      // What the dialog builds by itself stands in a container of that name.
      const isField = (name: string) => fields.includes(name) || fields.includes(`${name}-container`);
      for (const name of [...names, ...credentials]) {
        if (name !== 'version') assert.ok(isField(name), `${name} has no field`);
      }
      for (const name of fields.filter((field) => !/-(entry|container)$/.test(field))) {
        assert.ok([...names, ...credentials].includes(name), `the field ${name} has no property`);
      }
    });

    it(`${part.name}: says what is wrong, by name`, () => {
      for (const [name, value] of entries(property(definition, 'defaults'))) {
        const validate = property(value, 'validate');
        if (!validate) continue;
        assert.ok(
          ts.isFunctionExpression(validate) && validate.parameters.length === 2,
          `${name} validate(v, opt)`,
        );
        assert.ok(property(value, 'label'), `${name} has no label`);
      }
    });

    it(`${part.name}: can be used by keyboard and read aloud`, () => {
      const labels = ids(dialog, /<label for="([^"]+)"/g);
      const shown = [...dialog.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)]
        .map(([tag]) => tag)
        .filter((tag) => !tag.includes('type="hidden"'));
      for (const tag of shown) {
        const id = /id="([^"]+)"/.exec(tag)?.[1] ?? '';
        assert.ok(labels.includes(id), `${tag} has no label`);
      }
      const known = ids(dialog, /id="([^"]+)"/g);
      assert.deepEqual(
        labels.filter((id) => !known.includes(id)),
        [],
      );
      for (const [tag] of dialog.matchAll(/<button\b[^>]*>/g)) assert.match(tag, /type="button"/);
      for (const [tag] of dialog.matchAll(/<div class="snapflow-result"[^>]*>/g))
        assert.match(tag, /aria-live="polite"/);
      assert.equal(new Set(known).size, known.length, 'an id is used twice');
    });
  }

  for (const { name, html } of parts) {
    it(`${name}: takes its colours from the editor's theme and its addresses relative`, () => {
      const looks = `${/<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? ''} ${ids(html, /style="([^"]*)"/g).join(';')}`;
      assert.doesNotMatch(looks, /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i);
      const script = editorScript(html);
      assert.doesNotMatch(script, /\bfetch\(|XMLHttpRequest|url: '\//);
      assert.doesNotMatch(script, /snapflow\.post\('\//);
    });
  }

  it('have white icons of two to three', () => {
    for (const file of readdirSync(join(root, 'icons'))) {
      const svg = readFileSync(join(root, 'icons', file), 'utf8');
      assert.match(svg, /width="40" height="60"/, file);
      assert.deepEqual(
        [...new Set(ids(svg, /(?:fill|stroke)="([^"]+)"/g))].filter(
          (colour) => !['#fff', 'none'].includes(colour),
        ),
        [],
        file,
      );
    }
  });
});
