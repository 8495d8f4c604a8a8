import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  DigestSession,
  digestAlgorithm,
  parseChallenges,
  readDigestChallenge,
  type Credentials,
  type SignedRequest,
} from '../../../lib/http';
import { readAuthorization } from './servers';

/** A session for a `WWW-Authenticate` value. */
function session(header: string, credentials: Credentials, cnonce?: string): DigestSession {
  const [challenge] = parseChallenges(header).flatMap((one) => readDigestChallenge(one) ?? []);
  assert.ok(challenge, `no digest challenge in ${header}`);
  return new DigestSession(challenge, credentials, cnonce);
}

function answer(header: string, credentials: Credentials, request: SignedRequest, cnonce?: string) {
  return readAuthorization(session(header, credentials, cnonce).authorize(request));
}

const getIndex = { method: 'GET', uri: '/dir/index.html' };
const rfc2617 =
  'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
const mufasa = { username: 'Mufasa', password: 'Circle of Life' };

describe('digest: examples of the RFCs', () => {
  it('HW-1 RFC 2617 §3.5', () => {
    const user = { username: 'Mufasa', password: 'Circle Of Life' };
    assert.equal(
      session(rfc2617, user, '0a4f113b').authorize(getIndex),
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
        'uri="/dir/index.html", cnonce="0a4f113b", qop=auth, nc=00000001, ' +
        'response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    );
    assert.deepEqual(answer(rfc2617, user, getIndex, '0a4f113b'), {
      '#scheme': 'Digest',
      username: 'Mufasa',
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      uri: '/dir/index.html',
      cnonce: '0a4f113b',
      qop: 'auth',
      nc: '00000001',
      response: '6629fae49393a05397450978507c4ef1',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
    });
  });

  it('HW-1 RFC 2069 §2.4 with the response of erratum 749', () => {
    const header =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    assert.deepEqual(answer(header, { username: 'Mufasa', password: 'CircleOfLife' }, getIndex), {
      '#scheme': 'Digest',
      username: 'Mufasa',
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      uri: '/dir/index.html',
      response: '1949323746fe6a43ef61f9606e7febea',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
    });
  });

  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ]) {
    it(`HW-1 RFC 7616 §3.9.1 with ${algorithm}`, () => {
      const header = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
      const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
      assert.deepEqual(answer(header, mufasa, getIndex, cnonce), {
        '#scheme': 'Digest',
        username: 'Mufasa',
        realm: 'http-auth@example.org',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        uri: '/dir/index.html',
        algorithm,
        cnonce,
        qop: 'auth',
        nc: '00000001',
        response,
        opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
      });
    });
  }

  it('RFC 7616 §3.9.2 with SHA-512-256 and userhash, as erratum 4897 corrects it', () => {
    const header =
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';
    const cnonce = 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v';
    const jason = { username: 'J\u00e4s\u00f8n Doe', password: 'Secret, or not?' };
    const made = answer(header, jason, { method: 'GET', uri: '/doe.json' }, cnonce);
    assert.equal(made['username'], '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b');
    assert.equal(made['response'], '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
    assert.equal(made['userhash'], 'true');
    // The RFC's own values come from a SHA-512 that is only cut off, which is another hash.
    const cut = createHash('sha512').update('J\u00e4s\u00f8n Doe:api@example.org').digest('hex').slice(0, 64);
    assert.equal(cut, '488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec');
  });
});

describe('digest: answers', () => {
  const md5 = (text: string | Buffer) => createHash('md5').update(text).digest('hex');

  it('knows the algorithms in every spelling, and no other', () => {
    const spellings = [
      'MD5',
      'md5',
      undefined,
      'SHA256',
      'sha-256',
      'SHA-512-256',
      'SHA512-256',
      'SHA-512/256',
    ];
    assert.deepEqual(
      spellings.map((name) => digestAlgorithm(name)?.hash),
      ['md5', 'md5', 'md5', 'sha256', 'sha256', 'sha512-256', 'sha512-256', 'sha512-256'],
    );
    assert.deepEqual(
      ['MD5-sess', 'SHA256-SESS', 'SHA-512-256-sess'].map((name) => {
        const algorithm = digestAlgorithm(name);
        return [algorithm?.hash, algorithm?.session];
      }),
      [
        ['md5', true],
        ['sha256', true],
        ['sha512-256', true],
      ],
    );
    for (const name of ['SHA-512', 'SHA-1', 'SHA-384', '', 'sess'])
      assert.equal(digestAlgorithm(name), undefined);
  });

  it('writes the algorithm as the server spelled it, and none when the server named none', () => {
    for (const spelled of ['SHA256', 'sha-256', 'MD5-sess']) {
      const made = answer(`Digest nonce=1, qop=auth, algorithm="${spelled}"`, mufasa, getIndex);
      assert.equal(made['algorithm'], spelled);
    }
    assert.equal(answer('Digest nonce=1', mufasa, getIndex)['algorithm'], undefined);
  });

  it('counts each use of a nonce in 8 hex digits, and begins anew with the next nonce', () => {
    const made = session('Digest nonce="one", qop="auth"', mufasa);
    const counts = Array.from({ length: 17 }, () => readAuthorization(made.authorize(getIndex))['nc']);
    assert.deepEqual(
      [counts[0], counts[9], counts[15], counts[16]],
      ['00000001', '0000000a', '00000010', '00000011'],
    );
    made.continueWith('two');
    const next = readAuthorization(made.authorize(getIndex));
    assert.deepEqual([next['nonce'], next['nc']], ['two', '00000001']);
    made.continueWith('two');
    assert.equal(readAuthorization(made.authorize(getIndex))['nc'], '00000002');
  });

  it('makes a fresh cnonce for each session', () => {
    const cnonces = [1, 2, 3].map(() => answer('Digest nonce=1, qop=auth', mufasa, getIndex)['cnonce'] ?? '');
    assert.equal(new Set(cnonces).size, 3);
    for (const cnonce of cnonces) assert.match(cnonce, /^[0-9a-f]{32}$/);
  });

  it('binds the password to nonce and cnonce for -sess', () => {
    const made = session('Digest realm=r, nonce="one", qop="auth", algorithm=MD5-sess', mufasa, 'cn');
    for (const nonce of ['one', 'two']) {
      made.continueWith(nonce);
      const secret = md5(`${md5('Mufasa:r:Circle of Life')}:${nonce}:cn`);
      assert.equal(
        readAuthorization(made.authorize(getIndex))['response'],
        md5(`${secret}:${nonce}:00000001:cn:auth:${md5('GET:/dir/index.html')}`),
      );
    }
  });

  it('takes auth before auth-int in any spacing, and hashes the body when only auth-int is offered', () => {
    for (const qop of ['auth', 'auth-int,auth', ' AUTH ,  auth-int', 'auth-int , token, auth'])
      assert.equal(answer(`Digest nonce=1, qop="${qop}"`, mufasa, getIndex)['qop'], 'auth', qop);
    const body = Buffer.from('{"UUID":"\u00e4"}');
    const header = 'Digest realm=r, nonce=n, qop="auth-int"';
    for (const [sent, hashed] of [
      [body, md5(body)],
      [undefined, md5('')],
    ] as const) {
      const request = { method: 'POST', uri: '/x?a=1', ...(sent && { body: sent }) };
      const made = answer(header, mufasa, request, 'cn');
      const right = md5(
        `${md5('Mufasa:r:Circle of Life')}:n:00000001:cn:auth-int:${md5(`POST:/x?a=1:${hashed}`)}`,
      );
      assert.deepEqual([made['qop'], made['response']], ['auth-int', right]);
    }
  });

  it('does not answer what it cannot: other schemes, algorithms, qop, or no nonce', () => {
    for (const header of [
      'Basic realm=r',
      'Digest realm=r',
      'Digest nonce=1, algorithm=SHA-1',
      'Digest nonce=1, qop="auth-conf"',
    ])
      assert.deepEqual(parseChallenges(header).map(readDigestChallenge), [undefined], header);
  });

  it('sends a name beyond ASCII as the server asked for it: username* with charset=UTF-8, else its UTF-8 bytes', () => {
    const user = { username: 'Andre\u0301 (南门)', password: 'pa\u0301ss' };
    const normal = { username: user.username.normalize('NFC'), password: user.password.normalize('NFC') };
    const response = ({ username, password }: Credentials) =>
      md5(`${md5(`${username}:r:${password}`)}:n:${md5('GET:/dir/index.html')}`);

    const extended = answer('Digest realm=r, nonce=n, charset=utf-8', user, getIndex);
    assert.equal(extended['username*'], "UTF-8''Andr%C3%A9%20%28%E5%8D%97%E9%97%A8%29");
    assert.equal(extended['username'], undefined);
    assert.equal(extended['response'], response(normal));

    const plain = answer('Digest realm=r, nonce=n', user, getIndex);
    assert.equal(plain['username'], user.username);
    assert.equal(plain['response'], response(user));
  });

  it('hashes and returns the bytes of a realm beyond ASCII, and escapes quotes', () => {
    const realm = Buffer.from('摄像头 "1"\\').toString('latin1');
    const header = `Digest realm="${realm.replace(/["\\]/g, '\\$&')}", nonce=n`;
    const made = answer(header, { username: 'a"b\\c', password: 'p' }, getIndex);
    assert.equal(made['realm'], '摄像头 "1"\\');
    assert.equal(made['username'], 'a"b\\c');
    assert.equal(made['response'], md5(`${md5('a"b\\c:摄像头 "1"\\:p')}:n:${md5('GET:/dir/index.html')}`));
  });
});
