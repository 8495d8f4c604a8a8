/**
 * Plays AssetsControls' OpenApi: the instruction of its document “ActiveNewPhotograph”, and what belongs to it
 * (protocol-facts §3): login, the list of assets, and the files of records.
 */
import { createHash } from 'node:crypto';
import { text } from '../../texts/mark';
import { jsonReply, type Exchange, type Reply } from '../exchange';
import { SERVER_FAULTS, SimulatorServer, type ActiveFault, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';
import { carryOut, readWish, workMs } from './photograph';
import { World, type Asset, type SimulatedAsset, type SimulatedUser } from './world';

export interface SimulatedAssetsControlsOptions extends SimulatorServerOptions {
  /** Default: one, `demo` with the password `simulated` and the token `simulated-token`. */
  users?: SimulatedUser[];
  /** Default: one with the number 700160818000. */
  assets?: SimulatedAsset[];
}

export const ASSETSCONTROLS_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'html', text: text('Answers with the error page of a proxy (HTML)') },
  { name: 'broken-json', text: text('Answers with JSON that breaks off') },
  { name: 'expired', text: text('Calls every token expired') },
  { name: 'busy', text: text('The camera is busy') },
  { name: 'offline', text: text('All devices are offline') },
  { name: 'silent', text: text('Devices do not answer instructions') },
];

/** `Result` and `Message` of the document, and of the pages around it. */
const MESSAGES: Readonly<Record<number, string>> = {
  102: 'Action is error',
  103: 'username or password error',
  104: 'token error',
  105: 'fail',
  106: 'no such device',
  108: 'ins send error',
  111: 'device offline',
  131: 'instruction not integrated',
  138: 'ins timeout',
};

type Body = Record<string, unknown>;

export class SimulatedAssetsControls extends SimulatorServer {
  readonly faults = ASSETSCONTROLS_FAULTS;
  readonly world: World;
  private readonly nextResults: number[] = [];

  constructor(options: SimulatedAssetsControlsOptions = {}) {
    super('AssetsControls', options);
    const { users = [{ name: 'demo', password: 'simulated', token: 'simulated-token' }] } = options;
    this.world = new World(users, options.assets ?? [{ number: '700160818000', name: 'container' }]);
  }

  /** Answers the next instructions with a result, such as 108. */
  nextResult(result: number, times = 1): void {
    this.nextResults.push(...Array<number>(times).fill(result));
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const fault = this.meetFault();
    const spoilt = (await this.spoil(fault)) ?? spoiltBy(fault);
    if (spoilt) return spoilt;
    const { method, path } = exchange;
    if (method === 'GET' && path.startsWith('/LockFiles//')) return this.file(path);
    const body = method === 'POST' ? fieldsOf(exchange.body) : undefined;
    if (!body) return failure(102);
    switch (path) {
      case '/OpenApi/login':
        return this.login(body);
      case '/OpenApi/Instruction':
        return this.withToken(body, fault, () => this.instruction(body, fault));
      case '/OpenApi/Admin':
        return this.withToken(body, fault, () => this.admin(body));
      case '/OpenApi/Report':
        return this.withToken(body, fault, () => this.report(body));
      default:
        return jsonReply(404, { Result: 102, Message: MESSAGES[102], FObject: [] });
    }
  }

  protected errorReply(status = 503): Reply {
    return jsonReply(status, { Result: 105, Message: MESSAGES[105], FObject: [] });
  }

  private login({ FUserName: name, FPassword: hash }: Body): Reply {
    this.count('logins');
    const user = this.world.users.find((one) => one.name === name);
    const isRight = user && createHash('md5').update(user.password).digest('hex') === hash;
    // Here FObject is null.
    if (!isRight) return jsonReply(200, { Result: 103, Message: MESSAGES[103], FObject: null });
    if (user.expired) return jsonReply(200, { Result: 106, Message: 'account expired', FObject: null });
    const session = { FUserName: name, FTokenID: user.token, FExpireTime: '2099-12-31T00:00:00' };
    return success('login success', [session]);
  }

  private withToken({ FTokenID: token }: Body, fault: ActiveFault | undefined, work: () => Reply): Reply {
    const isKnown = this.world.users.some((user) => user.token === token && !user.expired);
    return isKnown && fault?.name !== 'expired' ? work() : failure(104);
  }

  private instruction(body: Body, fault: ActiveFault | undefined): Reply {
    this.count('instructions');
    const forced = this.nextResults.shift();
    if (forced !== undefined) return failure(forced);
    if (body['FAction'] !== 'ActiveNewPhotograph') return failure(102);
    const wish = readWish(body['FT_GpActiveNewPhotograph']);
    if (!wish) return failure(102);
    const asset = this.world.assets.find((one) => one.guid === body['FAssetGUID']);
    if (!asset) return failure(106);
    const { online = true, hasCamera = true } = asset.settings;
    if (!online || fault?.name === 'offline') return failure(111);
    if (!hasCamera) return failure(131);
    if (fault?.name === 'silent') return failure(138);
    const now = this.now();
    if (fault?.name === 'busy' || now < asset.busyUntil) return this.cameraAnswer(asset, 1);
    asset.busyUntil = now + workMs(wish);
    return this.cameraAnswer(asset, 0, carryOut(this.world, asset, wish, now).stem);
  }

  private cameraAnswer({ guid, number }: Asset, status: number, stem = ''): Reply {
    const now = this.now();
    return success('ins send ok', {
      terminalStrId: guid,
      terminalNum: number,
      // The cloud writes up to five fractional digits.
      dateTime: new Date(now).toISOString().replace('Z', '12Z'),
      dateTimestamp: now,
      response: `(${number},1,001,CAMERA,9,4,${status},${stem})`,
    });
  }

  private admin({ FAction: action, FAssetID: number }: Body): Reply {
    const facts = ({ guid, number: own, name }: Asset) => ({
      FGUID: guid,
      FAssetID: own,
      FVehicleName: name,
    });
    if (action === 'QueryAdminAssetList') return success('success', this.world.assets.map(facts));
    if (action !== 'QueryAdminAssetByAssetId') return failure(102);
    const asset = this.world.assets.find((one) => one.number === number);
    return asset ? success('success', [facts(asset)]) : failure(106);
  }

  private report({ FAction: action, FGUID: guid }: Body): Reply {
    if (action !== 'QueryMessageFiles') return failure(102);
    const record = this.world.records.find((one) => one.guid === guid);
    if (!record) return failure(106);
    const files = record.files.map(({ name, type }) => ({
      FFileName: name,
      FFileType: type,
      FReqURL: `${this.url}/LockFiles//${record.stem}/${name}`,
      FCreateTime: null,
    }));
    return success('success', files);
  }

  private file(path: string): Reply {
    const name = path.split('/').at(-1);
    const found = this.world.records.flatMap(({ files }) => files).find((one) => one.name === name);
    if (!found) return { status: 404, body: 'not found' };
    const type = found.type === 1 ? 'image/jpeg' : 'application/octet-stream';
    return { status: 200, headers: { 'content-type': type }, body: found.data };
  }
}

function success(message: string, object: unknown): Reply {
  return jsonReply(200, { Result: 200, Message: message, FObject: object });
}

function failure(result: number): Reply {
  return jsonReply(200, { Result: result, Message: MESSAGES[result] ?? 'fail', FObject: [] });
}

function fieldsOf(body: Buffer): Body | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
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
        body: '{"Result":200,"Message":"ins se',
      };
    default:
      return undefined;
  }
}
