import assert from 'node:assert/strict';
import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
} from 'node:crypto';
import { describe, it } from 'node:test';
import { isSnapflowError } from '../../../../lib/errors';
import { readPublicKey, verifySignature } from '../../../../lib/lenfocus';
import { KeyCache } from '../../../../lib/lenfocus/access/keys';
import { md5WithRsa, PAIR } from '../support/keys';

const SN = 'Y3C122AP1234512';
const signed = { sn: SN, securityCode: 'ABCD1234', ts: '1635066908' };
const TEXT = `${SN}ABCD12341635066908`;
const digest = createHash('md5').update(TEXT).digest();
const hex = digest.toString('hex');
const key = createPublicKey(PAIR.publicKey);
const { privateKey } = PAIR;

const raw = (payload: Buffer | string) =>
  privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(payload)).toString(
    'base64',
  );

describe('the signature of /connect (§1.1)', () => {
  for (const [reading, value] of [
    ['MD5withRSA over the text', md5WithRsa(TEXT)],
    ['RSA over the digest', raw(digest)],
    ['RSA over the digest in hex', raw(hex)],
    ['RSA over the digest in upper-case hex', raw(hex.toUpperCase())],
    ['MD5withRSA over the digest', sign('md5', digest, privateKey).toString('base64')],
    ['MD5withRSA over the digest in hex', md5WithRsa(hex)],
    ['MD5withRSA over the digest in upper-case hex', md5WithRsa(hex.toUpperCase())],
  ] as const) {
    it(`LF-1.1 takes ${reading}, and only for what was signed`, () => {
      assert.ok(verifySignature(key, { ...signed, sign: value }));
      assert.ok(verifySignature(key, { ...signed, sign: value.replaceAll('+', '-').replaceAll('/', '_') }));
      for (const other of [{ sn: 'X' }, { securityCode: 'ABCD1235' }, { ts: '1635066909' }]) {
        assert.equal(verifySignature(key, { ...signed, ...other, sign: value }), false);
      }
    });
  }

  it('refuses another key, another hash, other paddings, and what is no signature', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const forged = [
      sign('md5', Buffer.from(TEXT), other.privateKey).toString('base64'),
      sign('sha256', Buffer.from(TEXT), privateKey).toString('base64'),
      sign('md5', Buffer.from(TEXT), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }).toString(
        'base64',
      ),
      raw(Buffer.concat([Buffer.from('00', 'hex'), digest])),
      raw(Buffer.concat([digest, Buffer.alloc(1)])),
      '',
      'AAAA',
      Buffer.alloc(128).toString('base64'),
      'A'.repeat(1_000_000),
    ];
    for (const value of forged) assert.equal(verifySignature(key, { ...signed, sign: value }), false);
  });
});

describe('public keys as people paste them', () => {
  const pem = PAIR.publicKey;
  const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString();
  const der = key.export({ type: 'spki', format: 'der' }).toString('base64');

  for (const [form, text] of Object.entries({
    PEM: pem,
    'PEM with blanks around': `\n  ${pem}\n`,
    'PEM in one line': pem.replaceAll('\n', ''),
    'PEM with \\n for line breaks': pem.replaceAll('\n', '\\n'),
    'PEM with CRLF': pem.replaceAll('\n', '\r\n'),
    'PKCS#1 PEM': pkcs1,
    'base64 of DER': der,
    'base64 of DER in lines': der.replace(/(.{64})/g, '$1\n'),
    'base64 of PKCS#1 DER': key.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  })) {
    it(`LF-1.1 reads ${form}`, () => {
      assert.ok(readPublicKey(text).equals(key));
    });
  }

  it('refuses what is no RSA public key, and never repeats it', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const text of [
      '',
      'hello',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      privateKey,
      ec.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ]) {
      assert.throws(
        () => readPublicKey(text),
        (error) =>
          isSnapflowError(error) &&
          error.code === 'BAD_INPUT' &&
          !error.message.includes(text.slice(30, 60) || '¤'),
      );
    }
  });

  it('parses a key once', () => {
    const cache = new KeyCache(2);
    const first = cache.get(pem);
    assert.equal(cache.get(pem), first);
    cache.get(pkcs1);
    cache.get(der);
    assert.notEqual(cache.get(pem), first, 'the oldest of too many is given up');
  });
});
