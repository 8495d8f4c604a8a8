import { generateKeyPairSync, sign } from 'node:crypto';

/** As the signatures of real cameras are. */
export const PAIR = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** `MD5withRSA`, base64. */
export function md5WithRsa(text: string, privateKey = PAIR.privateKey): string {
  return sign('md5', Buffer.from(text), privateKey).toString('base64');
}
