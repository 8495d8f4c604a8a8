import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');

/** In a process in which `sharp` cannot be loaded: what works, and what the rest says. */
const SCRIPT = `
  const { Module } = require('node:module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (name, ...rest) {
    if (name === 'sharp' || name.startsWith('@img/')) {
      throw Object.assign(new Error("Cannot find module '" + name + "'"), { code: 'MODULE_NOT_FOUND' });
    }
    return resolve.call(this, name, ...rest);
  };
  const { fit } = require('./lib/fit');
  const { Scene, padJpeg } = require('./lib/simulators/scene');
  const jpeg = new Scene({ name: 'A', width: 160, height: 90 }).picture();
  const said = (error) => ({ code: error.code, message: error.message });
  (async () => {
    const passed = await fit(jpeg, { maxBytes: jpeg.length });
    const cleaned = await fit(padJpeg(jpeg, 100_000), { maxBytes: jpeg.length });
    const tooLarge = await fit(jpeg, { maxBytes: 100 }).catch(said);
    const broken = await fit(Buffer.from('<html>no picture</html>')).catch(said);
    console.log(JSON.stringify({
      passed: passed.data === jpeg, cleaned: cleaned.data.equals(jpeg), tooLarge, broken: broken.code,
    }));
  })();
`;

describe('without sharp', () => {
  it('says how to get it, and does all that needs no decoding', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', SCRIPT], {
      cwd: root,
    });
    const { tooLarge, ...rest } = JSON.parse(stdout) as { tooLarge: { code: string; message: string } };
    assert.deepEqual(rest, { passed: true, cleaned: true, broken: 'UNSUPPORTED_FORMAT' });
    assert.equal(tooLarge.code, 'BAD_INPUT');
    assert.match(tooLarge.message, /npm install sharp/);
  });
});
