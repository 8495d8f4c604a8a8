/** The editor as its user meets it, in a real browser: import the tour, deploy, read, open dialogs, take a picture. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { LANGUAGES, launchBrowser, openEditor } from '../support/browser';
import { deploy, importExample, nodeId, openDialog, showFlow, statusOf } from '../support/editor';
import { freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const WORDS = {
  'en-US': {
    taken: 'picture taken',
    snap: 'Take a picture',
    find: 'Find channels',
    size: /640 × 360/,
    off: /refused|reach/i,
  },
  'zh-CN': {
    taken: '已抓拍',
    snap: '拍一张',
    find: '查找通道',
    size: /640 × 360/,
    off: /127\.0\.0\.1.*拒绝/,
  },
} as const;

const WIDTH_OF_PICTURE = `(async () => {
  const image = document.querySelector('#snapflow-huawei-picture img');
  await image.decode();
  return image.naturalWidth;
})()`;

describe('the editor', () => {
  let browser: Browser;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const language of LANGUAGES) {
    describe(language, () => {
      let red: RunningNodeRed;
      before(async () => {
        red = await startNodeRed({ flows: [], examplePorts: await freePorts('18080', '18081') });
      });
      after(() => red.stop());

      it(`HW-1 TC-1 imports, deploys and runs the tour (${language})`, async () => {
        const { page, errors } = await openEditor(browser, red.url, { language });
        await importExample(page, 'tour');
        await deploy(page);
        await showFlow(page, 'Snapflow tour');
        const words = WORDS[language];
        const snapshot = await nodeId(page, 'huawei-snapshot');
        await statusOf(page, snapshot).filter({ hasText: words.taken }).waitFor();
        await page.screenshot({ path: join(shots, `tour-${language}.png`) });

        const dialog = await openDialog(page, snapshot);
        await dialog.getByRole('button', { name: words.find }).click();
        const channels = dialog.locator('#snapflow-huawei-found select');
        await channels.waitFor();
        assert.ok((await channels.locator('option').count()) > 1);

        await dialog.getByRole('button', { name: words.snap }).click();
        const picture = dialog.locator('#snapflow-huawei-picture img');
        await picture.waitFor();
        assert.equal(await page.evaluate(WIDTH_OF_PICTURE), 640);
        assert.match(await dialog.locator('#snapflow-huawei-picture').innerText(), words.size);
        await page.screenshot({ path: join(shots, `dialog-${language}.png`) });
        await page.locator('#node-dialog-cancel').click();
        await dialog.waitFor({ state: 'detached' });
        assert.deepEqual(errors, []);
        await page.context().close();
      });

      it(`HW-1 says in the dialog why there is no picture (${language})`, async () => {
        const { page, errors } = await openEditor(browser, red.url, { language });
        const words = WORDS[language];
        // Not deployed: the address is changed on the screen only, to a port where nothing listens.
        const { gone } = (await freePorts('gone')) as { gone: number };
        const camera = await nodeId(page, 'huawei-camera');
        await page.evaluate(`{
          const camera = RED.nodes.node('${camera}');
          Object.assign(camera, { address: 'http://127.0.0.1:${gone}', usernameType: 'cred', passwordType: 'cred' });
          camera.credentials = { username: 'ApiAdmin', password: 'typed' };
        }`);
        await showFlow(page, 'Snapflow tour');
        const dialog = await openDialog(page, await nodeId(page, 'huawei-snapshot'));
        await dialog.getByRole('button', { name: words.snap }).click();
        const reason = dialog.locator('#snapflow-huawei-picture.snapflow-failed');
        await reason.waitFor();
        assert.match(await reason.innerText(), words.off);
        await page.screenshot({ path: join(shots, `reason-${language}.png`) });
        assert.deepEqual(errors, []);
        await page.context().close();
      });
    });
  }
});
