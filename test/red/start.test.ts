/** `npm start`, after the build: the tour at the first time, the user's own flows at the second. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const script = join(__dirname, '../../scripts/start.mjs');

describe('npm start', () => {
  const userDir = mkdtempSync(join(tmpdir(), 'snapflow-start-'));
  after(() => rmSync(userDir, { recursive: true, force: true }));

  /** Starts it on a free port, waits for its greeting, asks it something, and ends it as Ctrl-C does. */
  async function startAndStop(ask: (url: string) => Promise<void>): Promise<string> {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, PORT: '0', USER_DIR: userDir, LANG: 'en_US.UTF-8' },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let log = '';
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk) => {
        log += String(chunk);
        const greeted = /Snapflow runs in Node-RED: (http:\S+)/.exec(log)?.[1];
        if (greeted !== undefined) resolve(greeted);
      });
    });
    await ask(url);
    const exited = once(child, 'exit');
    // A terminal sends Ctrl-C to the whole group.
    process.kill(-(child.pid as number), 'SIGINT');
    const [code] = (await exited) as [number];
    assert.equal(code, 0);
    return log;
  }

  it('deploys the tour at first and prints where to look', async () => {
    const log = await startAndStop(async (url) => {
      const flows = (await (await fetch(new URL('flows', url))).json()) as Array<{ label?: string }>;
      assert.ok(flows.some(({ label }) => label === 'Snapflow tour'));
    });
    assert.match(log, /The tour flow is deployed/);
    assert.match(log, /http:\/\/127\.0\.0\.1:18080\//);
  });

  it('keeps what the user changed', async () => {
    const file = join(userDir, 'flows.json');
    const flows = JSON.parse(readFileSync(file, 'utf8')) as Array<{ type: string; label?: string }>;
    writeFileSync(
      file,
      JSON.stringify(flows.map((node) => (node.type === 'tab' ? { ...node, label: 'Mine' } : node))),
    );
    const log = await startAndStop(async (url) => {
      const kept = (await (await fetch(new URL('flows', url))).json()) as Array<{ label?: string }>;
      assert.ok(kept.some(({ label }) => label === 'Mine'));
    });
    assert.match(log, /Your flows of the last time are loaded/);
  });
});
