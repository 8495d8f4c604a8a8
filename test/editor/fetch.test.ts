/** The example of any camera by URL and its dialog as their user meets them, in a real browser. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, openEditor } from '../support/browser';
import { deploy, importExample, nodeId, openDialog, pressUntil, showFlow, statusOf } from '../support/editor';
import { freePorts, startNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const words = {
  size: /JPEG, 640 × 360/,
  answers: /It answers: HTTP 200, image\/jpeg/,
  taken: 'picture fetched',
};

describe('snapflow-fetch in the editor', () => {
  let browser: Browser;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('tests and takes a picture by keyboard, before and after it is deployed', async () => {
    const red = await startNodeRed({
      flows: [],
      examplePorts: await freePorts('18101'),
      settings: "lang: 'en-US',",
    });
    try {
      const { page, errors } = await openEditor(browser, red.url, { language: 'en-US' });
      await importExample(page, 'snapflow-fetch');
      await deploy(page);
      await showFlow(page, 'snapflow-fetch');
      const fetchNode = await nodeId(page, 'snapflow-fetch');
      await openDialog(page, fetchNode);
      const result = page.locator('#snapflow-web-result');
      await pressUntil(page.locator('#snapflow-web-test'), result.filter({ hasText: words.answers }));
      await pressUntil(
        page.locator('#snapflow-web-snap'),
        result.filter({ hasText: words.size }).locator('img'),
      );
      await page.screenshot({ path: join(shots, 'snapflow-fetch.png') });

      // A whole address that is pasted, and a preset.
      const path = () => page.locator('#node-input-path').inputValue();
      await page.evaluate("$('#node-input-path').typedInput('value', '')");
      await page.locator('#node-input-address').fill('http://192.0.2.10:8080/snap.jpg?x=1');
      await page.locator('#node-input-address').press('Tab');
      assert.equal(await path(), '/snap.jpg?x=1');
      assert.equal(await page.locator('#node-input-address').inputValue(), 'http://192.0.2.10:8080');
      await page.locator('#snapflow-web-preset').selectOption({ label: 'Bosch · /snap.jpg' });
      assert.equal(await path(), '/snap.jpg');
      await page.locator('#node-dialog-cancel').click();
      await page.locator('#dialog-form').waitFor({ state: 'detached' });

      await page.locator('.red-ui-flow-node-button-button').first().click();
      await statusOf(page, fetchNode).filter({ hasText: words.taken }).waitFor();
      assert.deepEqual(errors, []);
      await page.context().close();
    } finally {
      await red.stop();
    }
  });
});
