/**
 * Makes a self-signed certificate as a camera does when it leaves the factory: X.509 v3 (RFC 5280) over an
 * EC P-256 key, signed with ECDSA and SHA-256.
 *
 * It is our own because Node makes keys and signatures but no certificates, and the kept packages that do bring
 * a whole cryptography of their own (node-forge, pkijs and the @peculiar family: megabytes for these few fields).
 */
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der';

export interface CertificateOptions {
  /** Name of subject and issuer. */
  commonName: string;
  /** DNS names and IP addresses that the certificate is for. Default: `localhost`, `127.0.0.1`, `::1`. */
  altNames?: string[];
  /** Days it is valid from now on. Default 365. */
  days?: number;
  /** Default: one day ago, so that a clock that is slow still accepts it. */
  notBefore?: Date;
  /** Overrides `days`. */
  notAfter?: Date;
}

export interface SelfSigned {
  /** Private key, PEM (PKCS #8). */
  key: string;
  /** Certificate, PEM. Also its own authority: give it as `ca` to trust it. */
  cert: string;
  /** SHA-256 of the certificate: upper-case hex, colon separated. */
  fingerprint: string;
}

const DAY_MS = 86_400_000;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export function selfSignedCertificate(options: CertificateOptions): SelfSigned {
  const { commonName, altNames = LOOPBACK, days = 365 } = options;
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  const notAfter = options.notAfter ?? new Date(Date.now() + days * DAY_MS);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2')); // ecdsa-with-SHA256
  const name = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))));

  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(randomBytes(16)), // serial number: browsers refuse one seen before
    algorithm,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKeyInfo,
    explicit(3, extensions(publicKeyInfo, altNames)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = new X509Certificate(sequence(toBeSigned, algorithm, bitString(signature)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate.toString(),
    fingerprint: certificate.fingerprint256,
  };
}

/** It signs itself, so it must be an authority; strict verifiers also ask for a key identifier and key usages. */
function extensions(publicKeyInfo: Buffer, altNames: string[]): Buffer {
  const authority = sequence(boolean(true));
  const usages = bitString(Buffer.from([0b1000_0100]), 2); // digitalSignature, keyCertSign
  const keyIdentifier = createHash('sha256').update(publicKeyInfo).digest().subarray(0, 20);
  const server = sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'));
  return sequence(
    extension('2.5.29.19', authority, true),
    extension('2.5.29.15', usages, true),
    extension('2.5.29.37', server),
    extension('2.5.29.14', octetString(keyIdentifier)),
    extension('2.5.29.17', sequence(...altNames.map(generalName))),
  );
}

function extension(identifier: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [boolean(true)] : [];
  return sequence(objectIdentifier(identifier), ...flag, octetString(value));
}

/** GeneralName (RFC 5280 §4.2.1.6): dNSName is `[2]`, iPAddress `[7]`. */
function generalName(name: string): Buffer {
  const family = isIP(name);
  if (family === 4) return implicit(7, Buffer.from(name.split('.').map(Number)));
  if (family === 6) return implicit(7, ipv6Bytes(name));
  return implicit(2, Buffer.from(name, 'latin1'));
}

function ipv6Bytes(address: string): Buffer {
  // URL writes an embedded IPv4 address as two groups, so that only hexadecimal groups are left.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail] = groups.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const all = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
