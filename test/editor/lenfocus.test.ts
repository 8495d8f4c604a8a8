/** The Lenfocus examples and dialogs as their user meets them, in a real browser. */
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
    joins: 'Who wants to join?',
    admit: 'Admit',
    release: 'release',
    admitted: /admitted/,
    online: '1 online',
    person: 'Person ID',
  },
  'zh-CN': {
    joins: '查看待接入',
    admit: '允许接入',
    release: '版本',
    admitted: /已允许/,
    online: '在线 1 台',
    person: '人员ID',
  },
} as const;

describe('Lenfocus in the editor', () => {
  let browser: Browser;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const language of LANGUAGES) {
    it(`admits a camera from the dialog of the server (${language})`, async () => {
      const red: RunningNodeRed = await startNodeRed({
        flows: [],
        examplePorts: await freePorts('18094'),
        settings: `lang: '${language}',`,
      });
      try {
        const { page, errors } = await openEditor(browser, red.url, { language });
        const words = WORDS[language];
        await importExample(page, 'lenfocus-provision');
        await deploy(page);
        await showFlow(page, 'lenfocus-provision');
        const events = await nodeId(page, 'lenfocus-events');
        await openDialog(page, events);
        await page.screenshot({ path: join(shots, `lenfocus-events-${language}.png`) });
        await page.locator('#node-input-lookup-server, #node-input-btn-server-edit').first().click();
        const join_ = page.locator('#snapflow-lenfocus-joins');
        await join_.waitFor();
        await page.locator('.red-ui-tray:not(.red-ui-tray-moving)').last().waitFor();
        await join_.click();
        const result = page.locator('#snapflow-lenfocus-joins-result');
        await result.getByRole('button', { name: words.admit }).click();
        await result.filter({ hasText: words.admitted }).waitFor();
        await page.locator('#node-config-input-ota').selectOption('table');
        await page.locator('.red-ui-editableList-addButton', { hasText: words.release }).click();
        const release = page.locator('#snapflow-lenfocus-releases');
        await release.locator('[data-field="versionCode"]').fill('7');
        await release.locator('[data-field="place"]').fill('https://cdn.example/fw.bin');
        await page.locator('details summary').click();
        await page.screenshot({ path: join(shots, `lenfocus-server-${language}.png`) });
        assert.equal(
          await page.locator('#snapflow-lenfocus-devices input[data-field="sn"]').inputValue(),
          'SIM000000000001',
        );
        await page.locator('#node-config-dialog-ok').click();
        await page.locator('#node-dialog-ok').click();
        const stored = await page.evaluate(
          `{ let server; RED.nodes.eachConfig((node) => { if (node.type === 'lenfocus-server') server = node; }); [server.releases, server.devices]; }`,
        );
        assert.deepEqual(
          (stored as string[]).map((json) => JSON.parse(json) as unknown),
          [
            [{ versionCode: '7', components: [{ url: 'https://cdn.example/fw.bin' }] }],
            [{ sn: 'SIM000000000001' }],
          ],
        );
        await statusOf(page, events).filter({ hasText: words.online }).waitFor();

        const dialog = await openDialog(page, await nodeId(page, 'lenfocus-command'));
        await dialog.getByText(words.person).waitFor();
        await page.screenshot({ path: join(shots, `lenfocus-command-${language}.png`) });
        await page.locator('#node-dialog-cancel').click();
        await dialog.waitFor({ state: 'detached' });
        await openDialog(page, await nodeId(page, 'lenfocus-reply'));
        await page.screenshot({ path: join(shots, `lenfocus-reply-${language}.png`) });
        assert.deepEqual(errors, []);
        await page.context().close();
      } finally {
        await red.stop();
      }
    });
  }
});
