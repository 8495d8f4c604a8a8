/** What waits on disk and what was given up, as a user sees and settles it in the dialogs, in a real browser. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { SimulatedHttpStore } from '../../lib/simulators';
import { jpeg } from '../lib/huawei/raw-camera';
import { LANGUAGES, launchBrowser, openEditor } from '../support/browser';
import { deploy, nodeId, openDialog, pressUntil, statusOf } from '../support/editor';
import { startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const WORDS = {
  'en-US': {
    show: 'Show what waits',
    resume: 'Try again now',
    resendAll: 'Send all again',
    dropAll: 'Remove all given up',
    resend: /^Send picture \d+ again$/,
    drop: /^Remove picture \d+$/,
    dead: 'given up',
    retrying: 'tries again',
    refused: 'HTTP 422',
    failed: 'HTTP 503',
    numbers: (waiting: number, dead: number) => new RegExp(`${waiting} waiting \\(.*${dead} given up`),
    keeps: ['not at all', 'in memory', 'on disk'],
  },
  'zh-CN': {
    show: '查看等待中的图片',
    resume: '立即重试',
    resendAll: '全部重新发送',
    dropAll: '删除所有已放弃的',
    resend: /^重新发送图片 \d+$/,
    drop: /^删除图片 \d+$/,
    dead: '已放弃',
    retrying: '重试中',
    refused: 'HTTP 422',
    failed: 'HTTP 503',
    numbers: (waiting: number, dead: number) => new RegExp(`${waiting} 张等待中（.*${dead} 张已放弃`),
    keeps: ['不等待', '在内存中', '在磁盘上'],
  },
} as const;

describe('the outbox in the editor', () => {
  let browser: Browser;
  let store: SimulatedHttpStore;
  let red: RunningNodeRed;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    store = new SimulatedHttpStore();
    const { url } = await store.start();
    red = await startNodeRed({ flows: flows(url) });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await red.stop();
    await store.stop();
  });

  for (const language of LANGUAGES) {
    it(`shows what waits with its reason, sends it again and removes it (${language})`, async () => {
      const { page, errors } = await openEditor(browser, red.url, { language });
      const words = WORDS[language];
      const send = await nodeId(page, 'snapflow-send');
      const inject = page.locator(`[id="${await nodeId(page, 'inject')}"] .red-ui-flow-node-button-button`);
      const status = (text: RegExp) => statusOf(page, send).filter({ hasText: text }).waitFor();
      const sentBefore = store.files.length;

      await store.setFault('error', { status: 422 });
      await inject.click();
      await status(/^1 /);
      await inject.click();
      await status(/^2 /);
      await store.setFault('error', { status: 503 });
      await inject.click();
      // In the runtime's language.
      await status(/retrying \(1\)/);

      const dialog = await openDialog(page, send);
      const rows = dialog.locator('.snapflow-outbox-scroll tbody tr');
      const caption = (waiting: number, dead: number) =>
        dialog.locator('caption').filter({ hasText: words.numbers(waiting, dead) });
      const button = (name: string) => dialog.getByRole('button', { name });
      await pressUntil(button(words.show), caption(1, 2));
      // The limits of what waits in memory, only where pictures do.
      const memory = dialog
        .locator('#node-input-maxWaiting, #node-input-maxWaitingMB')
        .filter({ visible: true });
      assert.equal(await memory.count(), 0);
      const keep = dialog.locator('#snapflow-outbox-keep');
      await keep.selectOption('memory');
      assert.equal(await memory.count(), 2);
      await page.screenshot({ path: join(shots, `outbox-memory-${language}.png`) });
      await keep.selectOption('disk');
      const dead = rows.filter({ hasText: words.dead });
      assert.equal(await dead.count(), 2);
      assert.equal(await dead.filter({ hasText: words.refused }).count(), 2);
      const retrying = rows.filter({ hasText: words.retrying });
      assert.equal(await retrying.filter({ hasText: words.failed }).count(), 1);
      // One that tries again by itself can be removed, not sent again.
      assert.equal(await retrying.getByRole('button', { name: words.resend }).count(), 0);
      await retrying.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, `outbox-${language}.png`) });

      await dead.first().getByRole('button', { name: words.drop }).press('Enter');
      await caption(1, 1).waitFor();
      await store.setFault();
      await dead.first().getByRole('button', { name: words.resend }).press('Enter');
      await dead.waitFor({ state: 'detached' });
      await button(words.resume).press('Enter');
      await shownAfter(button(words.show), dialog, words.numbers(0, 0));
      assert.equal(store.files.length, sentBefore + 2);

      await store.setFault('error', { status: 422 });
      for (let count = 0; count < 2; count++) {
        await fetch(new URL(`inject/${await nodeId(page, 'inject')}`, red.url), { method: 'POST' });
      }
      await shownAfter(button(words.show), dialog, words.numbers(0, 2));
      page.once('dialog', (question) => void question.dismiss());
      await button(words.dropAll).press('Enter');
      await caption(0, 2).waitFor();
      page.once('dialog', (question) => void question.accept());
      await button(words.dropAll).press('Enter');
      await dialog
        .locator('.snapflow-result')
        .filter({ hasText: words.numbers(0, 0) })
        .waitFor();
      assert.equal(store.files.length, sentBefore + 2);
      await page.locator('#node-dialog-cancel').click();
      await dialog.waitFor({ state: 'detached' });
      assert.deepEqual(errors, []);
      await page.context().close();
    });

    it(`lets a folder's pictures wait by choice (${language})`, async () => {
      const { page, errors } = await openEditor(browser, red.url, { language });
      const words = WORDS[language];
      const save = await nodeId(page, 'snapflow-save');
      const keep = page.locator('#snapflow-outbox-keep');
      const stored = async () =>
        JSON.parse(
          String(await page.evaluate(`JSON.stringify(RED.nodes.node('${save}').outbox ?? null)`)),
        ) as {
          keep: string;
          folder?: string;
        } | null;
      let dialog = await openDialog(page, save);
      const options = await keep.locator('option').allTextContents();
      assert.deepEqual(
        options.map((option, index) => option.startsWith(words.keeps[index] ?? '?')),
        [true, true, true],
      );
      assert.equal(await keep.inputValue(), 'none');
      assert.equal(await page.locator('#node-input-make').isChecked(), true);
      assert.equal(await page.locator('#snapflow-outbox-folder').isVisible(), false);
      await keep.selectOption('disk');
      await page.locator('#snapflow-outbox-folder').fill('/mnt/other/outbox');
      await page.locator('#snapflow-outbox-properties').scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, `save-waiting-${language}.png`) });
      await keep.scrollIntoViewIfNeeded();
      await page.locator('#node-dialog-ok').click();
      await dialog.waitFor({ state: 'detached' });
      const { keep: kept, folder } = (await stored()) ?? {};
      assert.deepEqual([kept, folder], ['disk', '/mnt/other/outbox']);

      dialog = await openDialog(page, save);
      await keep.selectOption('none');
      await page.locator('#node-dialog-ok').click();
      await dialog.waitFor({ state: 'detached' });
      assert.deepEqual(await stored(), { keep: 'none' });
      await deploy(page);
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }
});

/** Presses until the answer says so: what was told to be sent is on its way meanwhile. */
function shownAfter(button: Locator, dialog: Locator, numbers: RegExp): Promise<void> {
  const result = dialog.locator('.snapflow-result').filter({ hasText: numbers });
  return pressUntil(button, result, { attempts: 50, timeout: 500 });
}

function flows(address: string): object[] {
  const payload = JSON.stringify([...jpeg(64, 48)]);
  const at = (y: number) => ({ z: 'tab', x: 200, y });
  return [
    { id: 'tab', type: 'tab', label: 'outbox' },
    {
      id: 'go',
      type: 'inject',
      ...at(80),
      props: [{ p: 'payload' }],
      payload,
      payloadType: 'bin',
      repeat: '',
      crontab: '',
      wires: [['send']],
    },
    {
      id: 'send',
      type: 'snapflow-send',
      ...at(140),
      address,
      path: '/{device}/{id}-{time}.{ext}',
      method: 'PUT',
      content: 'raw',
      auth: 'none',
      timeout: 60,
      pace: 0,
      maxWaiting: 1000,
      maxWaitingMB: 256,
      outbox: { keep: 'disk' },
      wires: [[]],
    },
    // As it was stored before its pictures could wait.
    {
      id: 'save',
      type: 'snapflow-save',
      ...at(220),
      folder: 'pictures',
      pattern: '{id}.{ext}',
      zone: 'local',
      ifExists: 'number',
      days: '',
      count: '',
      megabytes: '',
      freeMB: 0,
      wires: [[]],
    },
  ];
}
