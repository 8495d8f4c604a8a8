import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hosts } from '../../../lib/http/hosts';
import type { HttpCall, HttpReply, HttpTransport } from '../../../lib/http/types';

/** Clients that note what they are asked for, and answer when told to. */
class Network {
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  readonly calls: { origin: string; call: HttpCall }[] = [];
  answer: (origin: string, call: HttpCall) => Promise<HttpReply> = () => Promise.resolve(reply(200));

  readonly open = (origin: string): HttpTransport => {
    this.opened.push(origin);
    return {
      request: (call) => {
        this.calls.push({ origin, call });
        return this.answer(origin, call);
      },
      stream: () => Promise.reject(new Error('not asked for')),
      close: () => {
        this.closed.push(origin);
        return Promise.resolve();
      },
    };
  };
}

function reply(status: number, headers: HttpReply['headers'] = {}): HttpReply {
  return { status, headers, body: Buffer.from('x') };
}

describe('hosts', () => {
  it('keep one client per origin, and the query out of errors', async () => {
    const network = new Network();
    const hosts = new Hosts({ system: 'onenet', open: network.open });
    await hosts.get(new URL('http://a.example/x//y?token=t'), { headers: { k: 'v' } });
    await hosts.get(new URL('http://a.example/z'));
    await hosts.get(new URL('http://a.example:81/z'));
    assert.deepEqual(network.opened, ['http://a.example', 'http://a.example:81']);
    assert.deepEqual(network.calls[0]?.call, {
      method: 'GET',
      path: '/x//y?token=t',
      redactedPath: '/x//y',
      headers: { k: 'v' },
    });
    await hosts.close();
    assert.deepEqual(network.closed, network.opened);
    await assert.rejects(hosts.get(new URL('http://a.example/')), { code: 'CLOSED', system: 'onenet' });
  });

  it('close the one that is idle for longest when there are too many, never one that is in use', async () => {
    const network = new Network();
    const hosts = new Hosts({ system: 'onenet', open: network.open, maxHosts: 2 });
    let finish: (answer: HttpReply) => void = () => assert.fail('not asked');
    network.answer = () => new Promise((resolve) => (finish = resolve));
    const running = hosts.get(new URL('http://busy.example/'));
    network.answer = () => Promise.resolve(reply(200));
    await hosts.get(new URL('http://b.example/'));
    await hosts.get(new URL('http://c.example/'));
    await hosts.get(new URL('http://c.example/'));
    assert.deepEqual(network.closed, ['http://b.example']);
    finish(reply(200));
    await running;
    await hosts.get(new URL('http://d.example/'));
    assert.deepEqual(network.closed, ['http://b.example', 'http://busy.example']);
  });

  it('follow redirections, with headers only where they were meant to go', async () => {
    const network = new Network();
    const hosts = new Hosts({ system: 'onenet', open: network.open });
    network.answer = (_origin, { path }) =>
      Promise.resolve(
        path === '/1'
          ? reply(302, { location: '/2' })
          : path === '/2'
            ? reply(307, { location: 'http://b.example/3?t=1' })
            : reply(200),
      );
    assert.equal((await hosts.get(new URL('http://a.example/1'), { headers: { key: 's' } })).status, 200);
    assert.deepEqual(
      network.calls.map(({ origin, call }) => [origin + call.path, call.headers]),
      [
        ['http://a.example/1', { key: 's' }],
        ['http://a.example/2', { key: 's' }],
        ['http://b.example/3?t=1', undefined],
      ],
    );
  });

  it('give up on endless redirections and on places that are no web address', async () => {
    const network = new Network();
    const hosts = new Hosts({ system: 'onenet', open: network.open });
    network.answer = () => Promise.resolve(reply(302, { location: '/again' }));
    assert.equal((await hosts.get(new URL('http://a.example/'))).status, 302);
    assert.equal(network.calls.length, 4);
    for (const location of ['file:///etc/passwd', 'http://', undefined]) {
      network.answer = () => Promise.resolve(reply(301, { location }));
      assert.equal((await hosts.get(new URL('http://a.example/'))).status, 301);
    }
    assert.equal(network.calls.length, 7);
  });
});
