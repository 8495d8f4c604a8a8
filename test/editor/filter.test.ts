/** The example of `snapflow-filter` and its dialog as their user meets them, in a real browser, by keyboard. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { LANGUAGES, launchBrowser, openEditor } from '../support/browser';
import {
  deploy,
  importExample,
  nodeId,
  openByKeyboard,
  pressUntil,
  showFlow,
  statusOf,
} from '../support/editor';
import { freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const WORDS = {
  'en-US': {
    unchanged: 'unchanged',
    caption: / · 0\.\d\d · .+ → (passes|held back)$/,
    summary: (threshold: string) => `With threshold ${threshold}:`,
    width: 'width',
  },
  'zh-CN': {
    unchanged: '无变化',
    caption: / · 0\.\d\d · .+ → (通过|拦截)$/,
    summary: (threshold: string) => `阈值为 ${threshold} 时：`,
    width: '宽',
  },
} as const;

/** What a screen reader would call each shown field and button of the dialog. */
const NAMES = `$('#dialog-form .snapflow-dialog').find('input, select, button, a.red-ui-button').filter(':visible').map(function() {
  const label = this.labels && this.labels[0] ? this.labels[0].innerText : '';
  return ($(this).attr('aria-label') || label || this.title || this.innerText || '').trim() || this.outerHTML;
}).get()`;

describe('filtering in the editor', () => {
  let browser: Browser;
  let red: RunningNodeRed;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    const examplePorts = await freePorts('18121');
    [browser, red] = await Promise.all([launchBrowser(), startNodeRed({ flows: [], examplePorts })]);
  });
  after(async () => {
    await red.stop();
    await browser.close();
  });

  /** Presses a key on the slider; how many pictures are shown, and how many of them would pass then. */
  async function slide(dialog: Locator, key: string, summary: string): Promise<[number, number]> {
    await dialog.locator('#node-input-threshold').press(key);
    await dialog.locator('#snapflow-filter-summary').filter({ hasText: summary }).waitFor();
    const [shown, passing] = ['.snapflow-filter-pictures figure', 'figure.snapflow-filter-passes'];
    return [await dialog.locator(shown).count(), await dialog.locator(passing).count()];
  }

  async function showsPictures(page: Page, dialog: Locator, language: keyof typeof WORDS) {
    const words = WORDS[language];
    const figures = dialog.locator('.snapflow-filter-pictures figure');
    await pressUntil(dialog.locator('#snapflow-filter-show'), figures.first());
    const shown = await figures.count();
    assert.ok(shown >= 2, `${shown} pictures`);
    assert.match(await figures.first().locator('figcaption').innerText(), words.caption);
    assert.equal(await page.evaluate(`$('.snapflow-filter-pictures img')[0].naturalWidth`), 128);
    assert.deepEqual(await slide(dialog, 'Home', words.summary('0')), [shown, shown], '0 holds none back');
    const [, passing] = await slide(dialog, 'End', words.summary('1'));
    assert.ok(passing >= 1 && passing < shown, 'the first one passes, and what was due');
    await figures.first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(shots, `filter-pictures-${language}.png`) });
  }

  for (const [index, language] of LANGUAGES.entries()) {
    it(`shows the last pictures, what a threshold does with them, and takes masks (${language})`, async () => {
      const { page, errors } = await openEditor(browser, red.url, { language, dark: language === 'zh-CN' });
      const words = WORDS[language];
      // The second language finds the example as the first one left it.
      if (index === 0) {
        await importExample(page, 'snapflow-filter');
        await deploy(page);
      }
      await showFlow(page, 'snapflow-filter');
      const filter = await nodeId(page, 'snapflow-filter');
      const freezes = await nodeId(page, 'inject', 'the camera freezes');
      await statusOf(page, filter).first().waitFor();
      await page.locator(`[id="${freezes}"] .red-ui-flow-node-button-button`).click();
      await statusOf(page, filter).filter({ hasText: words.unchanged }).waitFor();

      const dialog = await openByKeyboard(page, filter);
      await showsPictures(page, dialog, language);

      // All rules on, so that all fields show.
      for (const rule of ['useBurst', 'useAtMost', 'useWindow']) {
        await dialog.locator(`#node-input-${rule}`).press('Space');
      }
      const masks = dialog.locator('#node-input-masks-container .snapflow-filter-row');
      const [addMask, addCondition] = await dialog.locator('.red-ui-editableList-addButton').all();
      await addCondition?.press('Enter');
      const rows = await masks.count();
      await addMask?.press('Enter');
      await masks.nth(rows).getByLabel(words.width, { exact: true }).fill('40');
      const bottom = await masks.nth(rows).boundingBox();
      const below = await addMask?.boundingBox();
      assert.ok(below && bottom && below.y >= bottom.y + bottom.height, 'the table grows with its rows');
      const names = await page.evaluate<string[]>(NAMES);
      await page.screenshot({ path: join(shots, `filter-rules-${language}.png`) });
      for (const name of names) {
        assert.doesNotMatch(name, /^<|^[a-z]+\.[a-zA-Z]+$/, 'no field without a name');
        if (language === 'zh-CN') assert.match(name, /\p{Script=Han}/u);
      }
      await dialog
        .locator('#node-input-masks-container .red-ui-editableList-item-remove')
        .first()
        .press('Enter');
      await masks.nth(rows).waitFor({ state: 'detached' });
      for (const rule of ['useBurst', 'useAtMost', 'useWindow']) {
        await dialog.locator(`#node-input-${rule}`).press('Space');
      }
      await slide(dialog, 'Home', words.summary('0'));
      await slide(dialog, 'ArrowRight', words.summary('0.01'));
      await page.locator('#node-dialog-ok').press('Enter');
      await dialog.waitFor({ state: 'detached' });
      const exported = await page.evaluate<Record<string, unknown>>(
        `RED.nodes.createExportableNodeSet([RED.nodes.node('${filter}')])[0]`,
      );
      assert.equal(exported['threshold'], '0.01');
      assert.deepEqual((exported['masks'] as unknown[]).at(-1), {
        left: '0',
        top: '0',
        width: '40',
        height: '8',
      });
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }
});
