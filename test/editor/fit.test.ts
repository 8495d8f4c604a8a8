/** The example of `snapflow-fit` and its dialog as their user meets them, in a real browser. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, openEditor } from '../support/browser';
import { deploy, importExample, nodeId, openDialog, showFlow, statusOf } from '../support/editor';
import { freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const WORDS = {
  'en-US': { mask: 'mask', width: 'width', uploaded: 'uploaded', stamp: 'Stamp' },
  'zh-CN': { mask: '遮挡', width: '宽', uploaded: '已上传', stamp: '水印文字' },
} as const;

describe('fitting in the editor', () => {
  let browser: Browser;
  let red: RunningNodeRed;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launchBrowser();
    red = await startNodeRed({ flows: [], examplePorts: await freePorts('18197', '18198') });
  });
  after(async () => {
    await red.stop();
    await browser.close();
  });

  for (const [language, dark] of [
    ['en-US', false],
    ['zh-CN', true],
  ] as const) {
    it(`imports, fits pictures and takes a preset and a mask (${language})`, async () => {
      const { page, errors } = await openEditor(browser, red.url, { language, dark });
      const words = WORDS[language];
      // The second language finds the example as the first one left it.
      if (language === 'en-US') {
        await importExample(page, 'snapflow-fit');
        await deploy(page);
      }
      await showFlow(page, 'snapflow-fit');
      const inject = await nodeId(page, 'inject');
      await page.locator(`[id="${inject}"] .red-ui-flow-node-button-button`).click();
      const fit = await nodeId(page, 'snapflow-fit');
      await statusOf(page, fit)
        .filter({ hasText: /MB → \d+ kB/ })
        .waitFor();
      const upload = await nodeId(page, 'thingscloud-upload');
      await statusOf(page, upload).filter({ hasText: words.uploaded }).waitFor();
      await page.screenshot({ path: join(shots, `fit-flow-${language}.png`) });

      const dialog = await openDialog(page, fit);
      const preset = dialog.locator('#snapflow-fit-preset');
      assert.equal(await preset.inputValue(), 'thingscloud');
      await preset.selectOption('phone');
      assert.equal(await dialog.locator('#node-input-maxBytes').inputValue(), '300000');
      await dialog.locator('#node-input-maxWidth').fill('1000');
      assert.equal(await preset.inputValue(), '', 'own limits');
      await page.screenshot({ path: join(shots, `fit-limits-${language}.png`) });
      await dialog.getByRole('textbox', { name: words.stamp }).waitFor();
      await dialog
        .getByRole('button', { name: words.mask })
        .or(dialog.locator('.red-ui-editableList-addButton'))
        .first()
        .click();
      await dialog.getByLabel(words.width, { exact: true }).fill('40');
      await dialog.locator('details summary').click();
      await dialog.locator('#node-input-maxWaitingMB').scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, `fit-edit-${language}.png`) });
      await page.locator('#node-dialog-ok').click();
      await dialog.waitFor({ state: 'detached' });
      const stored = await page.evaluate(`JSON.stringify(RED.nodes.node('${fit}').masks)`);
      assert.deepEqual(JSON.parse(String(stored)), [
        { left: 0, top: 0, width: 40, height: 25, style: 'black' },
      ]);
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }
});
