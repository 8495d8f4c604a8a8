import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { SnapflowError } from '../../../lib/errors';
import { catalogueOf, describeError, languageOf } from '../../../lib/texts';

const root = join(__dirname, '../../..');

/** Every text that can reach a user: the second argument of `new SnapflowError`, the argument of `text`. */
function textsOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, folder), { recursive: true }).map(String)) {
    if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
    const path = join(folder, name);
    const file = ts.createSourceFile(
      path,
      readFileSync(join(root, path), 'utf8'),
      ts.ScriptTarget.ES2022,
      true,
    );
    const visit = (node: ts.Node): void => {
      const argument = textArgument(node);
      if (argument) for (const text of literalsIn(argument)) found.set(text, path);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function textArgument(node: ts.Node): ts.Expression | undefined {
  if (ts.isNewExpression(node) && node.expression.getText() === 'SnapflowError') return node.arguments?.[1];
  if (ts.isCallExpression(node) && node.expression.getText() === 'text') return node.arguments[0];
  return undefined;
}

/** String literals of an expression: plain, joined by `+`, or the two sides of a condition. */
function literalsIn(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literalsIn(node.expression);
  if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literalsIn(node.left), literalsIn(node.right)];
    return left.length === 1 && right.length === 1 ? [`${left[0]}${right[0]}`] : [...left, ...right];
  }
  return [];
}

const places = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('texts', () => {
  const used = new Map([...textsOf('lib'), ...textsOf('nodes')]);
  const chinese = catalogueOf('zh-CN');

  it('has a Chinese sentence for every text of the code, with the same places', () => {
    const missing = [...used]
      .filter(([text]) => !(text in chinese))
      .map(([text, path]) => `${path}: ${text}`);
    assert.deepEqual(missing, []);
    for (const text of used.keys()) assert.deepEqual(places(chinese[text] ?? ''), places(text), text);
  });

  it('translates nothing that the code no longer says', () => {
    assert.deepEqual(
      Object.keys(chinese).filter((text) => !used.has(text)),
      [],
    );
  });

  it('describes an error in the language asked for, values filled in', () => {
    const error = new SnapflowError('BAD_INPUT', 'The picture is empty (0 bytes).');
    assert.equal(describeError(error, languageOf('zh-TW')), '图片为空（0 字节）。');
    assert.equal(describeError(error, languageOf('de')), 'The picture is empty (0 bytes).');
    assert.equal(describeError(new Error('foreign'), 'zh-CN'), 'foreign');
  });
});
