/** The dialogs of OneNET as their user meets them, in a real browser, on a simulated cloud that also fails. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { SimulatedOnenet } from '../../lib/simulators';
import { shownOperations } from '../../nodes/onenet/node-operations';
import type { NodeConfig } from '../../nodes/shared/red';
import { LANGUAGES, launchBrowser, openEditor } from '../support/browser';
import { nodeId, openDialog } from '../support/editor';
import { exampleFlows, startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

const WORDS = {
  'en-US': { sent: 'Sent: Left', found: '1 found', tested: 'OneNET answers' },
  'zh-CN': { sent: '已发送：左', found: '找到 1 个', tested: 'OneNET 应答正常' },
} as const;

describe('OneNET in the editor', () => {
  let browser: Browser;
  let cloud: SimulatedOnenet;
  let red: RunningNodeRed;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    cloud = new SimulatedOnenet();
    const { port } = await cloud.start();
    // The cloud is the test's own, so that the test can pull its plug.
    const example = exampleFlows('onenet-ptz-patrol', { 18190: port }) as NodeConfig[];
    const flows = example.filter(({ type }) => !/^(snapflow|inject)/.test(type));
    red = await startNodeRed({ flows: [...flows, ...oneOfEach(flows)] });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await red.stop();
    await cloud.stop();
  });

  for (const language of LANGUAGES) {
    it(`shows the fields of the chosen operation, moves the camera by keyboard, picks and tries (${language})`, async () => {
      const { page, errors } = await openEditor(browser, red.url, { language });
      const words = WORDS[language];
      const command = await nodeId(page, 'onenet-command');
      const dialog = await openDialog(page, command);
      const shoot = (name: string) =>
        page.screenshot({ path: join(shots, `onenet-${name}-${language}.png`) });

      await dialog.locator('[data-movement]').first().waitFor();
      assert.deepEqual(await labels(dialog), fieldsOf('movePtz', language));
      const { camera } = cloud.world.device('500000').channel('1');
      const panBefore = camera.position.pan;
      await dialog.locator('[data-movement=up]').focus();
      await page.keyboard.press('ArrowLeft');
      await dialog.locator('.snapflow-pad-result', { hasText: words.sent }).waitFor();
      assert.ok(camera.position.pan < panBefore, 'the camera has moved');
      assert.equal(await dialog.locator('[data-movement=left]').getAttribute('aria-pressed'), 'true');
      await page.locator('[data-movement=left]:focus').waitFor();
      await shoot('pad');

      await dialog.locator('#node-input-operation').selectOption('takePicture');
      assert.deepEqual(await labels(dialog), fieldsOf('takePicture', language));
      assert.equal(await dialog.locator('.snapflow-pad').count(), 0);
      for (const [field, value] of [
        ['deviceId', '500000'],
        ['channelId', '1'],
      ] as const) {
        const row = dialog.locator('.snapflow-field', { has: page.locator(`#snapflow-field-${field}`) });
        if (field === 'channelId') await row.locator('.red-ui-typedInput-input').fill('');
        await row.locator('button.red-ui-button').click();
        const list = row.locator('select', { hasText: words.found });
        await list.selectOption(value);
        assert.equal(await row.locator('.red-ui-typedInput-input').inputValue(), value);
      }
      const tryIt = dialog.locator('#snapflow-onenet-try');
      const tried = dialog.locator('#snapflow-onenet-tried');
      await tryIt.click();
      await tried.locator('img').waitFor();
      assert.ok(
        await tried
          .locator('img')
          .evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
      );
      await shoot('taken');

      for (const fault of ['off', 'reset', 'empty', 'garbage', 'html', 'auth-failed']) {
        await cloud.setFault(fault);
        await tryIt.click();
        await dialog.locator('#snapflow-onenet-tried.snapflow-failed').waitFor();
        const said = (await tried.textContent()) ?? '';
        assert.ok(said.length > 10, `${fault}: ${said}`);
        if (language === 'zh-CN') assert.match(said, /\p{Script=Han}/u, fault);
      }
      await shoot('failed');
      await cloud.setFault(undefined);

      await page.locator('#node-input-lookup-account, #node-input-btn-account-edit').first().click();
      const test = page.locator('#snapflow-onenet-test');
      await test.waitFor();
      await page.locator('.red-ui-tray:not(.red-ui-tray-moving)').last().waitFor();
      await test.click();
      await page.locator('#snapflow-onenet-tested', { hasText: words.tested }).waitFor();
      await shoot('account');
      await page.locator('#node-config-dialog-cancel').click();

      await page.locator('#node-dialog-ok').click();
      await dialog.waitFor({ state: 'detached' });
      const kept = await stored(page, command);
      assert.equal(kept.operation, 'takePicture');
      assert.deepEqual(kept.fields['deviceId'], { value: '500000', type: 'str' });
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }

  it('offers every operation in the dialog of its node, with its own fields and no others', async () => {
    const { page, errors } = await openEditor(browser, red.url, { language: 'en-US' });
    const operations = shownOperations('en-US');
    for (const type of new Set(operations.map(({ node }) => node))) {
      const dialog = await openDialog(page, await nodeId(page, type));
      const select = dialog.locator('#node-input-operation');
      const offered = operations.filter(({ node }) => node === type);
      await select.locator('option').first().waitFor({ state: 'attached' });
      assert.deepEqual(
        await select.locator('option').allTextContents(),
        offered.map(({ title }) => title),
      );
      const shown = await page.evaluate<Array<[string, string[], boolean, boolean]>>(`
        $('#node-input-operation option').get().map(({ value }) => {
          $('#node-input-operation').val(value).trigger('change');
          const labels = $('.snapflow-field > label').get().map((label) => label.textContent);
          return [value, labels, $('.snapflow-list').is(':visible'), $('.snapflow-try').is(':visible')];
        })
      `);
      assert.deepEqual(
        shown,
        offered.map(({ name, output, canTry }) => [name, fieldsOf(name, 'en-US'), output === 'list', canTry]),
      );
      await page.locator('#node-dialog-cancel').click();
      await dialog.waitFor({ state: 'detached' });
    }
    assert.deepEqual(errors, []);
    await page.context().close();
  });
});

/** The nodes that the example has not. */
function oneOfEach(flows: readonly NodeConfig[]): object[] {
  const account = flows.find(({ type }) => type === 'onenet-account')?.id;
  const z = flows.find(({ type }) => type === 'tab')?.id;
  const types = [...new Set(shownOperations('en-US').map(({ node }) => node))];
  const missing = types.filter((type) => flows.every((node) => node.type !== type));
  return missing.map((type, index) => ({
    id: `new-${index}`,
    type,
    z,
    account,
    x: 200,
    y: 400 + 60 * index,
    wires: [[]],
  }));
}

/** The labels of the fields on screen; an asterisk stands behind what is needed. */
async function labels(dialog: Locator): Promise<string[]> {
  return dialog.locator('.snapflow-field > label').allTextContents();
}

function fieldsOf(name: string, language: 'en-US' | 'zh-CN'): string[] {
  const operation = shownOperations(language).find((one) => one.name === name);
  return (operation?.fields ?? []).map(({ label, required }) => (required ? `${label} *` : label));
}

interface Stored {
  operation: string;
  fields: Record<string, unknown>;
}

async function stored(page: Page, id: string): Promise<Stored> {
  return page.evaluate<Stored>(
    `(({ operation, fields }) => ({ operation, fields }))(RED.nodes.node(${JSON.stringify(id)}))`,
  );
}
