/**
 * A real browser for the editor tests: Chromium out of an npm package, so that nothing but npm is needed.
 * CHROMIUM_PATH chooses an installed one instead (needed where the package has no build, such as ARM).
 */
import type { Browser, Page } from 'playwright-core';
import { DARK_COLOURS } from './dark-colours';

/** Languages in which the editor is tried. SNAPFLOW_LANGUAGES names fewer, where another run tries the others. */
export const LANGUAGES = (['en-US', 'zh-CN'] as const).filter((language) =>
  (process.env['SNAPFLOW_LANGUAGES'] ?? language).split(',').includes(language),
);

export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const installed = process.env['CHROMIUM_PATH'];
  if (installed) {
    return chromium.launch({ executablePath: installed, args: ['--no-sandbox', '--disable-gpu'] });
  }
  // Makes the package unpack the shared libraries that a bare machine lacks, too.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  // In a single process the browser ends with its first page; drawing by an emulated GPU takes twice the time.
  const args = packaged.args.filter(
    (arg) => !/^--(single-process|in-process-gpu|use-|.*swiftshader|ignore-gpu)/.test(arg),
  );
  return chromium.launch({
    executablePath: await packaged.executablePath(),
    args: [...args, '--disable-gpu'],
  });
}

export interface EditorOptions {
  language: 'en-US' | 'zh-CN';
  dark?: boolean;
}

/** A page with the loaded editor of a Node-RED, in a language. Collects what the page reports as errors. */
export async function openEditor(
  browser: Browser,
  url: string,
  { language, dark = false }: EditorOptions,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    locale: language,
    viewport: { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
  });
  await context.addInitScript(
    `localStorage.setItem('editor-language', '${language}');
    localStorage.setItem('view-dark-theme', '${dark ? 'dark' : 'light'}');`,
  );
  // The editor looks up news of other packages by itself: nothing outside of this machine is asked.
  await context.route(
    (target) => target.protocol.startsWith('http') && target.hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => {
    const stack = error.stack ?? error.message;
    // What only Node-RED's own files have to do with is Node-RED's.
    const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
    if (frames.length === 0 || !frames.every((line) => /\/(red|vendor)\//.test(line))) errors.push(stack);
  });
  await page.goto(url);
  await page.locator('.red-ui-palette-node').first().waitFor({ timeout: 60_000 });
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden', timeout: 60_000 });
  // Node-RED 4 has no dark theme of its own; its users install one, which is such a set of colours.
  const isDark = await page.evaluate(`document.documentElement.classList.contains('nr-theme-dark')`);
  if (dark && isDark !== true) await page.addStyleTag({ content: DARK_COLOURS });
  return { page, errors };
}
