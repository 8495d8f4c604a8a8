/** Who may do what: the master key all, a device's key what concerns the device, a token the file store. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refused, type Request } from './answers';
import type { World } from './world';

export interface Keys {
  master: string;
  /** Base64; for the tokens of the file store. */
  access: string;
}

/** Requests that the document shows without a key. */
const OPEN =
  /^(POST \/register_de|GET \/ipc\/video\/boot_address|GET \/live(_preview)?\/|GET \/ipc\/video\/picture\/[^/]+\/)/;
const MASTER_ONLY = /^(POST \/devices$|GET \/ipc\/video\/stat\/)/;

/**
 * Lets a request pass or refuses it.
 * @param route `METHOD /path`
 */
export function checkKey(world: World, keys: Keys, route: string, request: Request): void {
  if (OPEN.test(route)) return;
  if (route.includes(' /ipc/video/file/')) return checkFileKey(world, keys, request);
  const key = request.header('api-key');
  if (isSame(key, keys.master)) return;
  const owner = [...world.devices.values()].find(({ settings }) => settings.key && isSame(key, settings.key));
  if (!owner) throw new Refused(401, 'auth failed');
  const devicePath = /^\w+ \/devices\/(.+)$/.exec(route)?.[1];
  const concerned = devicePath ?? request.maybe('device_id') ?? request.maybe('deviceid');
  if (MASTER_ONLY.test(route) || (concerned !== undefined && concerned !== owner.id)) {
    throw new Refused(403, 'access deny');
  }
}

/** Exactly one of the two headers. */
function checkFileKey(world: World, keys: Keys, request: Request): void {
  const key = request.header('api-key');
  const token = request.header('authorization');
  if ((key === undefined) === (token === undefined))
    throw new Refused(400, 'bad request: one credential', 400);
  const isAllowed =
    token === undefined ? isSame(key, keys.master) : isToken(token, keys, request, world.now());
  if (!isAllowed) throw new Refused(401, 'auth failed', 401);
}

/** Written from OneNET's general rule "token": the HMAC is over et, method, res and version. */
function isToken(token: string, { access }: Keys, request: Request, now: number): boolean {
  const parts = new URLSearchParams(token.replaceAll('+', '%2B'));
  const [version = '', res = '', et = '', method = '', sign = ''] = [
    'version',
    'res',
    'et',
    'method',
    'sign',
  ].map((name) => parts.get(name) ?? '');
  if (!/^(md5|sha1|sha256)$/.test(method) || version !== '2018-10-31') return false;
  if (Number(et) * 1000 <= now || res !== `products/${request.maybe('product_id')}`) return false;
  const wanted = createHmac(method, Buffer.from(access, 'base64'))
    .update(`${et}\n${method}\n${res}\n${version}`)
    .digest('base64');
  return isSame(sign, wanted);
}

function isSame(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
