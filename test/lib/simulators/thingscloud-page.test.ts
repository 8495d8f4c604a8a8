import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SimulatedThingsCloud } from '../../../lib/simulators/thingscloud';
import { send } from './plain-client';

const HEADERS = {
  'Content-Type': 'application/octet-stream',
  Region: 'simulated',
  'Project-Key': 'simulated-key',
};
const PICTURE = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

describe('SimulatedThingsCloud: page', () => {
  it('shows what arrived on a page in the reader’s language, faults or not', async () => {
    const devices = [{ accessToken: 'token-1', name: '<b>Gate & "Yard"</b>' }];
    const cloud = new SimulatedThingsCloud({ paceMs: 0, projects: [{ key: 'simulated-key', devices }] });
    after(() => cloud.stop());
    const { url } = await cloud.start();
    const upload = () =>
      send(`${url}/device/v1/token-1/photo/image`, { method: 'POST', headers: HEADERS, body: PICTURE });
    const page = async (language: string) => {
      const reply = await send(url, { headers: { 'Accept-Language': language } });
      assert.equal(reply.headers['content-type'], 'text/html; charset=utf-8');
      return reply.body.toString();
    };
    assert.match(await page('de'), /No picture yet/);
    assert.match(await page('zh-CN,zh;q=0.9,en;q=0.8'), /<html lang="zh-CN">[^]*暂无图片/);
    for (let index = 0; index < 9; index++) await upload();
    await cloud.setFault('slow', { ms: 3_600_000 });
    const english = await page('en-GB');
    assert.match(english, /Fault switched on: Answers late/);
    assert.match(english, /<h2>&#60;b&#62;Gate &#38; &#34;Yard&#34;&#60;\/b&#62;<\/h2>/);
    assert.ok(!english.includes('token-1'));
    const shown = [...english.matchAll(/<img src="([^"]+)"/g)].map(([, address]) => address);
    assert.deepEqual(
      shown,
      cloud.pictures.slice(0, 7).map((picture) => `/pictures/${picture.name}`),
      'the newest and the six before it',
    );
    assert.equal((await send(`${url}${shown[0]}`)).status, 200);
    assert.match(await page('zh'), /已启用故障：响应缓慢/);
  });
});
