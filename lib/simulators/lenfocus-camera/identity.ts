/** Who the camera is, and how it signs (§1.1): `Base64{RSA[MD5(SN + security code + timestamp)]}`. */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
  type KeyObject,
} from 'node:crypto';

/** The three ways to read the document: `MD5withRSA`, and RSA with PKCS#1 padding over the digest or its hex text. */
export type SignatureForm = 'md5-with-rsa' | 'raw-digest' | 'raw-hex';

export interface IdentityOptions {
  /** 15 characters. */
  sn: string;
  /** 8 characters. */
  securityCode: string;
  /** RSA private key, PEM. Default: one made for this process, the same for all simulated cameras. */
  privateKey?: string;
  form: SignatureForm;
}

let commonKey: string | undefined;

/** The private key of simulated cameras that have none of their own. RSA-1024, as real signatures are. */
function sharedKey(): string {
  commonKey ??= generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
  return commonKey;
}

export class Identity {
  private readonly key: KeyObject;

  constructor(private readonly options: IdentityOptions) {
    this.key = createPrivateKey(options.privateKey ?? sharedKey());
  }

  get sn(): string {
    return this.options.sn;
  }

  get securityCode(): string {
    return this.options.securityCode;
  }

  /** Public key, PEM: what a server checks with. */
  get publicKey(): string {
    return createPublicKey(this.key).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** PEM, to give another camera the same. */
  get privateKey(): string {
    return this.key.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** @param ts UNIX time in seconds */
  sign(ts: number): string {
    const { sn, securityCode, form } = this.options;
    const text = `${sn}${securityCode}${ts}`;
    if (form === 'md5-with-rsa') return sign('md5', Buffer.from(text), this.key).toString('base64');
    const digest = createHash('md5').update(text).digest();
    const payload = form === 'raw-digest' ? digest : Buffer.from(digest.toString('hex'));
    return privateEncrypt({ key: this.key, padding: constants.RSA_PKCS1_PADDING }, payload).toString(
      'base64',
    );
  }
}
