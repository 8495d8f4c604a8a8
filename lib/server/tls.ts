/** Key and certificate of the server, given as they are or as files that may be renewed while it runs. */
import { readFile } from 'node:fs/promises';
import type { SecureVersion } from 'node:tls';

export interface ServerTls {
  /** PEM. */
  key?: string | Buffer;
  cert?: string | Buffer;
  /** Paths of PEM files, instead; looked at again every minute. */
  keyFile?: string;
  certFile?: string;
  pfx?: Buffer;
  passphrase?: string;
  /** PEM, to ask devices for certificates of their own. */
  ca?: string | Buffer | Array<string | Buffer>;
  requestCert?: boolean;
  rejectUnauthorized?: boolean;
  /** Lowest version, for old firmware. Default: Node's own (TLSv1.2). */
  minVersion?: SecureVersion;
}

export type TlsMaterial = Omit<ServerTls, 'keyFile' | 'certFile'>;

/** @throws the error of the file system */
export async function readTls({ keyFile, certFile, ...material }: ServerTls): Promise<TlsMaterial> {
  const [key, cert] = await Promise.all([
    keyFile === undefined ? material.key : readFile(keyFile, 'utf8'),
    certFile === undefined ? material.cert : readFile(certFile, 'utf8'),
  ]);
  return { ...material, ...(key !== undefined && { key }), ...(cert !== undefined && { cert }) };
}

/** True when both are the same key and certificate. */
export function isSameTls(a: TlsMaterial, b: TlsMaterial): boolean {
  return String(a.key) === String(b.key) && String(a.cert) === String(b.cert);
}
