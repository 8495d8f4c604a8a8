/** The last picture on a node, as its user meets it: in an editor that one must log in to, by mouse and by keyboard. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openEditor } from '../support/browser';
import { nodeId } from '../support/editor';
import { exampleFlows, freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

const shots = join(__dirname, '../../.test-output');

/** One user may all, one may only look. */
const LOGIN = `adminAuth: {
  type: 'credentials',
  users: async (username) => ({ username, permissions: username === 'admin' ? '*' : 'flows.write' }),
  authenticate: async (username, password) =>
    password === 'secret' ? { username, permissions: username === 'admin' ? '*' : 'flows.write' } : null,
},`;

const WIDTH_OF_PICTURE = `(async () => {
  const image = document.querySelector('.snapflow-badge-picture a img');
  await image.decode();
  return image.naturalWidth;
})()`;

describe('the last picture on a node', () => {
  let browser: Browser;
  let red: RunningNodeRed;
  let token: string;
  let inject: string;

  before(async () => {
    mkdirSync(shots, { recursive: true });
    const flows = (exampleFlows('snapflow-view', await freePorts('18184')) as Array<Record<string, unknown>>)
      // One picture at the start, then only those that the test asks for.
      .map((node) => (node['type'] === 'inject' ? { ...node, repeat: '' } : node));
    inject = String(flows.find(({ type }) => type === 'inject')?.['id']);
    flows.push({ id: 'second', type: 'tab', label: 'Second' });
    [browser, red] = await Promise.all([launchBrowser(), startNodeRed({ flows, settings: LOGIN })]);
    token = await tokenOf('admin');
  });
  after(async () => {
    await browser.close();
    await red.stop();
  });

  async function tokenOf(username: string): Promise<string> {
    const reply = await fetch(new URL('auth/token', red.url), {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'node-red-editor',
        grant_type: 'password',
        scope: username === 'admin' ? '*' : 'flows.write',
        username,
        password: 'secret',
      }),
    });
    const { access_token } = (await reply.json()) as { access_token: string };
    return access_token;
  }

  async function takePicture(): Promise<void> {
    const reply = await fetch(new URL(`inject/${inject}`, red.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(reply.status, 200);
  }

  const badgeOn = (page: Page, id: string) => page.locator(`[id="${id}"] .snapflow-badge [role=button]`);

  for (const [language, dark, words] of [
    ['en-US', false, { badge: 'Last picture', facts: /^JPEG, 640 × 360, \d+ kB · / }],
    ['zh-CN', true, { badge: '最近一张图片', facts: /^JPEG，640 × 360，\d+ kB · / }],
  ] as const) {
    it(`is a badge that opens to the picture, also after another tab and a reload (${language})`, async () => {
      const { page, errors } = await openEditor(browser, `${red.url}?access_token=${token}`, {
        language,
        dark,
      });
      page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
      const id = await nodeId(page, 'snapflow-view');
      const badge = badgeOn(page, id);
      const picture = page.locator('.snapflow-badge-picture');
      const close = async () => {
        await page.keyboard.press('Escape');
        await picture.waitFor({ state: 'detached' });
      };

      await badge.click();
      await picture.locator('a img').waitFor();
      assert.equal(await page.evaluate(WIDTH_OF_PICTURE), 640);
      const facts = await picture.locator('figcaption').innerText();
      assert.match(facts, words.facts);
      assert.equal(await badge.getAttribute('aria-label'), words.badge);
      await page.screenshot({ path: join(shots, `view-${language}.png`) });
      await takePicture();
      await picture.locator('figcaption').filter({ hasNotText: facts }).waitFor();
      await close();

      // Escape gave the focus back.
      await page.keyboard.press('Enter');
      await picture.locator('a img').waitFor();
      await page.evaluate(`RED.workspaces.show('second')`);
      await picture.waitFor({ state: 'detached' });
      await page.evaluate(`RED.workspaces.show(RED.nodes.node('${id}').z)`);
      await badge.click();
      await picture.locator('a img').waitFor();
      await badge.click();
      await picture.waitFor({ state: 'detached' });

      await page.reload();
      await badge.waitFor();
      await page.evaluate(`RED.view.select({ nodes: [RED.nodes.node('${id}')] })`);
      await page.evaluate(`RED.actions.invoke('snapflow:show-last-picture')`);
      await picture.locator('a img').waitFor();
      assert.equal(await page.evaluate(WIDTH_OF_PICTURE), 640);
      await close();
      assert.deepEqual(errors, []);
      await page.context().close();
    });
  }

  it('is for logged-in users who may read the flows', async () => {
    const flows = (await (
      await fetch(new URL('flows', red.url), { headers: { authorization: `Bearer ${token}` } })
    ).json()) as Array<{ id: string; type: string }>;
    const id = flows.find(({ type }) => type === 'snapflow-view')?.id;
    const status = async (bearer?: string) =>
      (
        await fetch(new URL(`snapflow/view/${id}`, red.url), {
          ...(bearer !== undefined && { headers: { authorization: `Bearer ${bearer}` } }),
        })
      ).status;
    assert.equal(await status(), 401);
    assert.equal(await status(await tokenOf('writer')), 401);
    assert.equal(await status(token), 200);
  });
});
