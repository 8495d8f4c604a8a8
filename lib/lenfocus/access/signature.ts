/**
 * The signature of `/connect` (§1.1): `Base64{RSA[MD5(SN + security code + timestamp)]}`. The document names
 * neither padding nor what exactly is signed, so every reading of it is taken: PKCS#1 v1.5 with the MD5
 * DigestInfo (what `MD5withRSA` makes) over the text, its digest or its hex; and the digest or its hex text
 * alone in the padding. One RSA operation tells them all apart.
 */
import { constants, hash, publicDecrypt, timingSafeEqual, type KeyObject } from 'node:crypto';

export interface SignedConnect {
  sn: string;
  securityCode: string;
  /** As the device sent it, in seconds. */
  ts: string;
  /** Base64. */
  sign: string;
}

/** DER of `DigestInfo { md5, OCTET STRING(16) }` up to the digest (RFC 8017 §9.2). */
const MD5_DIGEST_INFO = Buffer.from('3020300c06082a864886f70d020505000410', 'hex');
/** Characters of base64 for a key of 8,192 bits. */
const LONGEST_SIGN = 1_400;

export function verifySignature(key: KeyObject, signed: SignedConnect): boolean {
  if (signed.sign.length > LONGEST_SIGN) return false;
  let payload: Buffer;
  try {
    const padding = constants.RSA_PKCS1_PADDING;
    payload = publicDecrypt({ key, padding }, Buffer.from(signed.sign, 'base64'));
  } catch {
    return false;
  }
  for (const reading of readings(signed)) {
    if (reading.length === payload.length && timingSafeEqual(reading, payload)) return true;
  }
  return false;
}

/** What the signature may hold, the likeliest first. */
function* readings(signed: SignedConnect): Generator<Buffer> {
  const digest = md5(signed.sn + signed.securityCode + signed.ts);
  yield Buffer.concat([MD5_DIGEST_INFO, digest]);
  yield digest;
  for (const hex of [digest.toString('hex'), digest.toString('hex').toUpperCase()]) {
    yield Buffer.from(hex);
    yield Buffer.concat([MD5_DIGEST_INFO, md5(hex)]);
  }
  yield Buffer.concat([MD5_DIGEST_INFO, md5(digest)]);
}

function md5(data: string | Buffer): Buffer {
  return hash('md5', data, 'buffer');
}
