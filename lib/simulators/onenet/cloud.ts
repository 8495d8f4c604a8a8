/**
 * Plays OneNET video: every operation of its API document, the devices behind it, and the hosts that its answers point
 * to (player, thumbnails, pictures). What the document leaves open follows protocol-facts §2.
 */
import { text } from '../../texts/mark';
import type { Exchange, Reply } from '../exchange';
import { SERVER_FAULTS, SimulatorServer, type ActiveFault, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';
import { refusal, Refused, Request, type Handler, type Routes } from './answers';
import { commandRoutes, type CommandFault } from './commands';
import { deviceRoutes } from './devices';
import { fileRoutes } from './files';
import { checkKey } from './keys';
import { liveRoutes } from './live';
import { pictureRoutes } from './pictures';
import { videoRoutes } from './videos';
import { World, type SimulatedDevice } from './world';

export interface SimulatedOnenetOptions extends SimulatorServerOptions {
  /** Master key. Default `simulated-key`. */
  apiKey?: string;
  /** Access key of the file store, Base64. Default: that of `simulated-access-key`. */
  accessKey?: string;
  /** Default: one, `500000`, with one channel. */
  devices?: SimulatedDevice[];
  /** Milliseconds between pictures that every channel stores by itself. Default 0: none. */
  pictureEveryMs?: number;
  /** Milliseconds until the platform shows a picture that a device took on demand. Default 0. */
  pictureDelayMs?: number;
  /** Path of thumbnails, `<device>-<channel>` or `<device>_<channel>`. Default `-`. */
  thumbnailSpelling?: '-' | '_';
  /** Name the host of the thumbnails in play addresses, as the later edition does. Default true. */
  coverAddress?: boolean;
  /** Who watches, as the list of viewers shows them. Default: nobody. */
  viewers?: Record<string, unknown>[];
}

export const ONENET_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'html', text: text('Answers with the error page of a proxy (HTML)') },
  { name: 'broken-json', text: text('Answers with JSON that breaks off') },
  { name: 'auth-failed', text: text('Refuses every key') },
  { name: 'offline', text: text('All devices are offline') },
  { name: 'send-error', text: text('Commands cannot be sent to devices') },
  { name: 'silent', text: text('Devices do not answer commands') },
  { name: 'bad-answer', text: text('Devices answer commands with nonsense') },
  { name: 'device-error', text: text('Devices refuse commands') },
];

const COMMAND_FAULTS: ReadonlySet<string> = new Set<CommandFault>([
  'send-error',
  'silent',
  'bad-answer',
  'device-error',
]);

/** Pictures made at once after a long pause. */
const MAX_CATCH_UP = 20;

export class SimulatedOnenet extends SimulatorServer {
  readonly faults = ONENET_FAULTS;
  /** Devices, pictures, files: a test may change them. */
  readonly world: World;
  private readonly routes: Routes;
  private readonly nextRefusals: Refused[] = [];
  private picturesUntil: number;
  /** The fault that the request at work meets. */
  private faultNow: ActiveFault | undefined;

  constructor(private readonly options: SimulatedOnenetOptions = {}) {
    super('OneNET', options);
    const now = () => this.now();
    const url = () => this.url;
    this.world = new World(options.devices ?? [{ id: '500000', title: 'camera' }], now);
    this.picturesUntil = now();
    const { thumbnailSpelling = '-', coverAddress = true, viewers = [], pictureDelayMs = 0 } = options;
    const fault = () => commandFault(this.faultNow);
    this.routes = {
      ...deviceRoutes(this.world),
      ...commandRoutes(this.world, { fault, pictureDelayMs }),
      ...liveRoutes(this.world, { url, thumbnailSpelling, coverAddress, viewers }),
      ...pictureRoutes(this.world, url),
      ...videoRoutes(this.world),
      ...fileRoutes(this.world),
    };
  }

  /** Answers the next requests with an `errno`, whatever they ask. */
  nextRefusal(errno: number, words = 'refused', times = 1): void {
    this.nextRefusals.push(...Array<Refused>(times).fill(new Refused(errno, words)));
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const fault = (this.faultNow = this.meetFault());
    const spoilt = (await this.spoil(fault)) ?? spoiltBy(fault);
    if (spoilt) return spoilt;
    try {
      const forced = this.nextRefusals.shift();
      if (forced) throw forced;
      return this.route(exchange, fault);
    } catch (error) {
      if (error instanceof Refused) return refusal(error);
      throw error;
    }
  }

  protected errorReply(status = 503): Reply {
    return refusal(new Refused(status, 'system internal error', status));
  }

  protected override tooLargeReply(): Reply {
    return refusal(new Refused(413, 'resource size is too big', 413));
  }

  private route(exchange: Exchange, fault: ActiveFault | undefined): Reply {
    const { method, path } = exchange;
    const route = `${method} ${path}`;
    const found = findRoute(this.routes, route);
    if (!found) throw new Refused(404, 'resource not found', 404);
    const request = new Request(exchange, found.rest);
    const { apiKey = 'simulated-key', accessKey = Buffer.from('simulated-access-key').toString('base64') } =
      this.options;
    if (fault?.name === 'auth-failed') throw new Refused(401, 'auth failed');
    checkKey(this.world, { master: apiKey, access: accessKey }, route, request);
    this.world.isCutOff = fault?.name === 'offline';
    this.takeDuePictures();
    this.count(found.name);
    return found.handler(request);
  }

  /** The pictures that channels should have stored since the last request. */
  private takeDuePictures(): void {
    const { pictureEveryMs = 0 } = this.options;
    if (pictureEveryMs <= 0) return;
    const now = this.now();
    const due = Math.floor((now - this.picturesUntil) / pictureEveryMs);
    if (due <= 0) return;
    this.picturesUntil += due * pictureEveryMs;
    for (let index = Math.min(due, MAX_CATCH_UP) - 1; index >= 0; index--) {
      const at = this.picturesUntil - index * pictureEveryMs;
      for (const device of this.world.devices.values()) {
        if (!device.online) continue;
        for (const channel of device.channels.values()) {
          this.world.devicePicture(device, channel, { data: channel.camera.picture(at), at });
        }
      }
    }
  }
}

function commandFault(fault: ActiveFault | undefined): CommandFault | undefined {
  return fault && COMMAND_FAULTS.has(fault.name) ? (fault.name as CommandFault) : undefined;
}

function spoiltBy(fault: ActiveFault | undefined): Reply | undefined {
  switch (fault?.name) {
    case 'html':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Please log in to the network first.</body></html>\n',
      };
    case 'broken-json':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"errno":0,"error":"succ","da',
      };
    default:
      return undefined;
  }
}

/** The longest path wins, so that `/picture/get_list` is not taken for a picture. */
function findRoute(
  routes: Routes,
  route: string,
): { name: string; handler: Handler; rest: string } | undefined {
  const exact = routes[route];
  if (exact) return { name: route, handler: exact, rest: '' };
  for (const [name, handler] of Object.entries(routes)) {
    if (!name.endsWith('/*')) continue;
    const start = name.slice(0, -1);
    if (route.startsWith(start) && route.length > start.length) {
      return { name, handler, rest: decoded(route.slice(start.length)) };
    }
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refused(400, 'bad request: path', 400);
  }
}
