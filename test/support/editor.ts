/** What a user does in the Node-RED editor, for tests: the same clicks, and waits for what they bring. */
import type { Locator, Page } from 'playwright-core';

const MODULE = '@snapflow/node-red-snapflow';

/** Menu → Import → Examples → Snapflow → the example → Import. */
export async function importExample(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+i');
  const dialog = page.locator('.ui-dialog', { has: page.locator('#red-ui-clipboard-dialog-ok') });
  await dialog.waitFor();
  await page.locator('a[href="#red-ui-clipboard-dialog-import-tab-examples"]').click();
  await dialog.getByText(MODULE, { exact: true }).click();
  const example = dialog.getByText(name, { exact: true });
  const ok = page.locator('#red-ui-clipboard-dialog-ok');
  // The list slides open: on a busy machine a click can come before the example lies where it will stay.
  for (let attempt = 0; attempt < 10 && (attempt === 0 || !(await ok.isEnabled())); attempt++) {
    await example.click();
  }
  await ok.click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Presses Deploy and waits until the runtime has taken the flows. */
export async function deploy(page: Page): Promise<void> {
  // An import arrives after its dialog has closed: only then is there something to deploy.
  const button = page.locator('#red-ui-header-button-deploy:not(.disabled)');
  await button.waitFor();
  const done = page.waitForResponse(
    (reply) => reply.url().endsWith('/flows') && reply.request().method() === 'POST',
  );
  await button.click();
  // "Some nodes are not properly configured": a user would look; a test fails by what follows.
  const reply = await done;
  if (!reply.ok()) throw new Error(`Deploy answered ${reply.status()}`);
}

/** Shows a flow by the label of its tab. */
export async function showFlow(page: Page, label: string): Promise<void> {
  await page.locator('#red-ui-workspace-tabs a', { hasText: label }).click();
}

/**
 * The id of the first node of a type, configuration nodes included, as the editor knows it.
 * @param name how its name begins
 */
export async function nodeId(page: Page, type: string, name = ''): Promise<string> {
  const id = await page.evaluate(
    `{
      const found = [];
      const look = (node) => {
        const isNamed = String(node.name || '').startsWith(${JSON.stringify(name)});
        if (node.type === ${JSON.stringify(type)} && isNamed) found.push(node.id);
      };
      RED.nodes.eachNode(look);
      RED.nodes.eachConfig(look);
      found[0];
    }`,
  );
  if (typeof id !== 'string') throw new Error(`No node of type ${type} in the editor`);
  return id;
}

/** The words of a node's status as the user reads them. */
export function statusOf(page: Page, id: string): Locator {
  return page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);
}

/** Opens the dialog of a node that is selected, with the keyboard. */
export async function openByKeyboard(page: Page, id: string): Promise<Locator> {
  await page.evaluate(`RED.view.select({ nodes: [RED.nodes.node('${id}')] }); RED.view.focus();`);
  await page.keyboard.press('Enter');
  return dialogStands(page);
}

/** Double-clicks a node and waits for its dialog. */
export async function openDialog(page: Page, id: string): Promise<Locator> {
  await page.locator(`[id="${id}"] .red-ui-flow-node`).dblclick();
  return dialogStands(page);
}

async function dialogStands(page: Page): Promise<Locator> {
  const dialog = page.locator('#dialog-form');
  await dialog.waitFor();
  // The tray slides in; its buttons take clicks when it stands.
  await page.locator('.red-ui-tray:not(.red-ui-tray-moving)').last().waitFor();
  return dialog;
}

/**
 * Presses Enter on a button until what it brings is there: a dialog that opens takes the focus for itself once more,
 * at a moment that nothing tells, and what was told to be sent may still be on its way.
 */
export async function pressUntil(
  button: Locator,
  shown: Locator,
  { attempts = 2, timeout = 10_000 } = {},
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    await button.press('Enter');
    const came = await shown.waitFor({ timeout }).then(
      () => true,
      () => false,
    );
    if (came) return;
  }
  await button.press('Enter');
  await shown.waitFor();
}
