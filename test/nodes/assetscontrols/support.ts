/** What the tests of the AssetsControls nodes share: a simulated cloud, and a flow around the node under test. */
import { SimulatedAssetsControls, type SimulatedAssetsControlsOptions } from '../../../lib/simulators';
import accountModule from '../../../nodes/assetscontrols/assetscontrols-account';
import photographModule from '../../../nodes/assetscontrols/assetscontrols-photograph';
import type { Message } from '../../../nodes/shared/red';
import { startRuntime, type Credentials, type Flow, type NodeModule, type Runtime } from '../support/runtime';

export const modules = [accountModule, photographModule];
export const NUMBER = '700160818000';
export const GUID = '8d2f0c4e-6b1a-4f3d-9c57-0a1b2c3d4e5f';
export const LOGIN: Credentials = { account: { username: 'demo', password: 'simulated' } };

export interface CaughtError {
  message: string;
  code: string;
  cause: { retryable?: boolean; platform?: { code?: unknown; httpStatus?: number } };
}

export type Wire = Record<string, unknown>;

/** A cloud, the bodies that it got by path, and a runtime with one photograph node `n`. */
export class Bench {
  readonly bodies: Array<{ path: string; body: Wire }> = [];
  runtime: Runtime | undefined;

  private constructor(
    readonly cloud: SimulatedAssetsControls,
    readonly url: string,
  ) {}

  static async open(options: SimulatedAssetsControlsOptions = {}): Promise<Bench> {
    const cloud = new SimulatedAssetsControls({ assets: [{ number: NUMBER, guid: GUID }], ...options });
    const bench = new Bench(cloud, (await cloud.start()).url);
    cloud.on('request', ({ method, path, body }) => {
      if (method === 'POST') bench.bodies.push({ path, body: JSON.parse(body.toString()) as Wire });
    });
    return bench;
  }

  async start(
    photograph: object = {},
    account: object = {},
    { secrets = LOGIN, others = [] as Flow, env = {}, more = [] as NodeModule[] } = {},
  ): Promise<Runtime> {
    const flow: Flow = [
      {
        id: 'tab',
        type: 'tab',
        env: Object.entries(env).map(([name, value]) => ({ name, value, type: 'str' })),
      },
      { id: 'account', type: 'assetscontrols-account', address: this.url, ...account },
      {
        id: 'n',
        type: 'assetscontrols-photograph',
        z: 'tab',
        account: 'account',
        asset: NUMBER,
        count: '1',
        countType: 'num',
        wires: [['out']],
        ...photograph,
      },
      { id: 'out', type: 'collect', z: 'tab', wires: [] },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'collect', z: 'tab', wires: [] },
      ...others,
    ];
    this.runtime = await startRuntime([...modules, ...more], flow, secrets);
    return this.runtime;
  }

  /** What the last instruction asked for. */
  get wish(): unknown {
    return this.sent('/OpenApi/Instruction').at(-1)?.['FT_GpActiveNewPhotograph'];
  }

  sent(path: string): Wire[] {
    return this.bodies.filter((one) => one.path === path).map(({ body }) => body);
  }

  async caught(): Promise<CaughtError> {
    const msg = (await this.runtime?.inbox('caught').next()) as Message & { error: CaughtError };
    return msg.error;
  }

  async close(): Promise<void> {
    await this.runtime?.stop();
    await this.cloud.stop();
  }
}
