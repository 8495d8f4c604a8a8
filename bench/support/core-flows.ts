/** The device server as a flow of Node-RED's own nodes: websocket and http nodes with a function node between. */
import { createPublicKey, verify } from 'node:crypto';
import { newToken, SECURITY_CODE } from './device-frames';
import { startFlow } from './node-red';
import { RAW_TOKEN, type DeviceServer } from './raw-servers';

const DEVICE = `
  const { msgid, token, data } = JSON.parse(msg.payload);
  const sessions = global.get('sessions');
  const reply = (code, result) => {
    msg.payload = JSON.stringify({ msgid, data: { uri: data.uri, code, msg: 'OK', result } });
    return msg;
  };
  if (data.uri === '/connect') {
    if (!global.get('check')(data.param)) return reply(423, {});
    const fresh = global.get('newToken')();
    sessions.set(fresh, { sn: data.param.sn, expiresAt: Date.now() + 3600000 });
    return reply(200, { token: fresh, expire: 3600, interval: 30 });
  }
  const session = sessions.get(token);
  if (!session) return reply(401, {});
  return reply(200, { expire: Math.floor((session.expiresAt - Date.now()) / 1000) });
`;

const REPORT = `
  const authorization = msg.req.headers.authorization || '';
  if (!global.get('tokens').has(authorization.slice('Bearer '.length))) {
    msg.statusCode = 401;
    msg.payload = { code: 401, msg: 'Unauthorized' };
    return msg;
  }
  const pictures = Object.values(msg.payload.data)
    .map((uri) => Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'))
    .filter((jpeg) => jpeg[0] === 0xff);
  global.get('count')(pictures.length);
  msg.payload = { code: 200, msg: 'OK' };
  return msg;
`;

const NODES = [
  { id: 'listener', type: 'websocket-listener', path: '/ws', wholemsg: 'false' },
  { id: 'message', type: 'websocket in', server: 'listener', wires: [['device']] },
  { id: 'device', type: 'function', func: DEVICE, wires: [['answer']] },
  { id: 'answer', type: 'websocket out', server: 'listener', wires: [] },
  { id: 'request', type: 'http in', method: 'post', url: '/report', wires: [['report']] },
  { id: 'report', type: 'function', func: REPORT, wires: [['response']] },
  { id: 'response', type: 'http response', wires: [] },
];

/** @param publicKey checks signatures with it; without it, anybody is let in */
export async function coreFlow(
  publicKey?: string,
  count: (pictures: number) => void = () => undefined,
): Promise<DeviceServer & { reportUrl: string }> {
  const key = publicKey === undefined ? undefined : createPublicKey(publicKey);
  const flow = await startFlow(
    NODES,
    {},
    {
      sessions: new Map(),
      tokens: new Map([[RAW_TOKEN, 'a device']]),
      newToken,
      count,
      check: ({ sn, ts, sign }: { sn: string; ts: number; sign: string }) =>
        !key || verify('md5', Buffer.from(sn + SECURITY_CODE + ts), key, Buffer.from(sign, 'base64')),
    },
  );
  return { url: `${flow.url}/ws`, reportUrl: `${flow.url}/report`, close: () => flow.close() };
}
