/** What somebody would write who needs no more than one answer: the servers that ours is compared with. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { selfSignedCertificate } from '../../lib/simulators/certificate';
import { newToken, SECURITY_CODE, type SignedConnect } from './device-frames';

export interface DeviceServer {
  /** `http://…` or `https://…`, with the path of the WebSocket. */
  url: string;
  close(): Promise<void>;
}

interface Frame {
  msgid: string;
  token?: string;
  data: { uri: string; param: SignedConnect };
}

/** Decides about a `/connect`. */
export type Check = (param: SignedConnect) => boolean;

export const anyDevice: Check = () => true;

/** The key is parsed once, or (as text) each time. */
export function signatureCheck(publicKey: string, parse: boolean): Check {
  const key: string | KeyObject = parse ? createPublicKey(publicKey) : publicKey;
  return ({ sn, ts, sign }) =>
    verify('md5', Buffer.from(sn + SECURITY_CODE + ts), key, Buffer.from(sign, 'base64'));
}

/** `ws`, `JSON.parse`, a Map of sessions, `JSON.stringify`. */
export async function rawWebSockets(check: Check = anyDevice, secure = false): Promise<DeviceServer> {
  const { WebSocketServer } = require('ws') as typeof import('ws');
  const server = secure ? createSecureServer(selfSignedCertificate({ commonName: 'bench' })) : createServer();
  const sessions = new Map<string, { sn: string; expiresAt: number }>();
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (bytes: Buffer) => {
      const { data, msgid, token = '' } = JSON.parse(bytes.toString()) as Frame;
      const reply = (code: number, result: object) =>
        socket.send(JSON.stringify({ msgid, data: { uri: data.uri, code, msg: 'OK', result } }));
      if (data.uri === '/connect') {
        if (!check(data.param)) return reply(423, {});
        const fresh = newToken();
        sessions.set(fresh, { sn: data.param.sn, expiresAt: Date.now() + 3_600_000 });
        return reply(200, { token: fresh, expire: 3_600, interval: 30 });
      }
      const session = sessions.get(token);
      if (!session) return reply(401, {});
      reply(200, { expire: Math.floor((session.expiresAt - Date.now()) / 1000) });
    });
  });
  return listening(server, secure);
}

/** Answers each request when its body came, and does `work` with the body first. */
export async function rawHttp(work: (chunks: Buffer[]) => void): Promise<DeviceServer> {
  const tokens = new Map([[RAW_TOKEN, 'a device']]);
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = tokens.has(request.headers.authorization?.slice('Bearer '.length) ?? '');
      if (known) work(chunks);
      const body = known ? '{"code":200,"msg":"OK"}' : '{"code":401,"msg":"Unauthorized"}';
      response.writeHead(known ? 200 : 401, {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
      });
      response.end(body);
    });
  };
  return listening(createServer(take), false);
}

/** The token of those who report to such a server. */
export const RAW_TOKEN = newToken();

async function listening(server: Server, secure: boolean): Promise<DeviceServer> {
  server.listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  const url = `http${secure ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => Promise.resolve(void server.close()) };
}
