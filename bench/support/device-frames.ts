/** What the bench's devices say, and how raw servers answer it. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export const SECURITY_CODE = '12345678';

export const snOf = (index: number): string => `BENCH${String(index).padStart(10, '0')}`;

export interface SignedConnect {
  sn: string;
  ts: number;
  sign: string;
}

export function connectText(connect: Partial<SignedConnect>): string {
  const param = { did: '1234512', ip: '192.168.100.168', ...connect };
  return JSON.stringify({ msgid: 'adfdgwrt245356', data: { uri: '/connect', param } });
}

export function heartbeatText(sn: string, token: string): string {
  const param = { did: '1234512', sn, ip: '192.168.100.168' };
  return JSON.stringify({ msgid: 'adfdgwrt245356', token, data: { uri: '/heartbeat', param } });
}

export function tokenIn(reply: Buffer): string {
  const { data } = JSON.parse(reply.toString()) as { data: { result?: { token?: string } } };
  if (data.result?.token === undefined) throw new Error(`No token: ${reply.toString()}`);
  return data.result.token;
}

export const newToken = (): string => randomBytes(16).toString('hex');

/** Signs as cameras do (§1.1), no time and SN twice. */
export class Signer {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 1024 });
  private readonly start = Math.floor(Date.now() / 1000);
  private count = 0;

  constructor(private readonly devices: number) {}

  get publicKey(): string {
    return this.keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  next(): SignedConnect {
    const sn = snOf(this.count % this.devices);
    const ts = this.start + Math.floor(this.count++ / this.devices);
    const signature = sign('md5', Buffer.from(sn + SECURITY_CODE + ts), this.keys.privateKey);
    return { sn, ts, sign: signature.toString('base64') };
  }
}
