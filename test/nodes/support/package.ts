/** What the package offers to Node-RED, read from its sources. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '../../..');

export const LANGUAGES = ['en-US', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Manifest {
  name: string;
  'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** A node set or plugin of package.json. */
export interface Part {
  name: string;
  /** Of its sources, below the root. */
  folder: string;
  html: string;
  isPlugin: boolean;
}

export const parts: Part[] = [
  ...Object.entries(manifest['node-red'].nodes).map((entry) => partOf(entry, false)),
  ...Object.entries(manifest['node-red'].plugins).map((entry) => partOf(entry, true)),
];

export const nodeParts = parts.filter(({ isPlugin }) => !isPlugin);

function partOf([name, file]: [string, string], isPlugin: boolean): Part {
  const folder = dirname(file).replace(/^dist\//, '');
  const stem = basename(file).replace(/\.[^.]+$/, '');
  return { name, folder, html: readFileSync(join(root, folder, `${stem}.html`), 'utf8'), isPlugin };
}

/** The strings of a part in a language, keys joined by dots. */
export function strings({ folder, name }: Part, language: Language): Map<string, string> {
  const file = join(root, folder, 'locales', language, `${name}.json`);
  return new Map(flatten(JSON.parse(readFileSync(file, 'utf8')) as Tree));
}

export function help({ folder, name }: Part, language: Language): string {
  const file = join(root, folder, 'locales', language, `${name}.html`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

interface Tree {
  [key: string]: string | Tree;
}

function flatten(tree: Tree, prefix = ''): Array<[string, string]> {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );
}

/** The template of a dialog. */
export function template(html: string): string {
  return /<script type="text\/html" data-template-name="[^"]+">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
}

/** The editor's script of a part. */
export function editorScript(html: string): string {
  return /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
}

/** What a node's html hands to `RED.nodes.registerType`, at the top level of its script. */
export function registration(
  html: string,
): { type: string; definition: ts.ObjectLiteralExpression } | undefined {
  const file = ts.createSourceFile(
    'editor.js',
    editorScript(html),
    ts.ScriptTarget.ES2020,
    true,
    ts.ScriptKind.JS,
  );
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) continue;
    const { expression: callee, arguments: given } = statement.expression;
    const [type, definition] = given;
    if (callee.getText() !== 'RED.nodes.registerType') continue;
    if (type && ts.isStringLiteral(type) && definition && ts.isObjectLiteralExpression(definition)) {
      return { type: type.text, definition };
    }
  }
  return undefined;
}

/** A property of an object literal. */
export function property(object: ts.Expression | undefined, name: string): ts.Expression | undefined {
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const found = object.properties.find((one) => one.name?.getText() === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** Text or number of a literal. */
export function literal(expression: ts.Expression | undefined): string | undefined {
  return expression && (ts.isStringLiteral(expression) || ts.isNumericLiteral(expression))
    ? expression.text
    : undefined;
}

/** Names and values of an object literal. */
export function entries(object: ts.Expression | undefined): Array<[string, ts.Expression]> {
  if (!object || !ts.isObjectLiteralExpression(object)) return [];
  return object.properties
    .filter(ts.isPropertyAssignment)
    .map((one) => [one.name.getText(), one.initializer]);
}
