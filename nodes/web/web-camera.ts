/** From the fields of a `snapflow-fetch` node to a camera: deployed, or as it stands in a dialog. */
import type { WhenBusy } from '../../lib/concurrency/single-flight';
import { WebCamera, type Login } from '../../lib/web';
import { originOf } from '../../lib/web/place';
import { closing } from '../shared/closing';
import { resolveDraft, type Draft } from '../shared/draft';
import { proxyFor } from '../shared/proxy';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsSettings, type TlsChoice } from '../shared/tls';

export interface FetchConfig extends NodeConfig, TlsChoice {
  address?: string;
  /** Typed: path and query below the address, or without a login a whole address. */
  path?: string;
  auth?: 'none' | 'digest' | 'basic';
  /** Id of an `http proxy` node. */
  proxy?: string;
  /** Seconds for a whole call, as the dialog holds them. */
  timeout?: string | number;
  /** Typed: name of the camera. */
  device?: string;
  /** Field of a JSON reply with the picture. */
  jsonField?: string;
  whenBusy?: WhenBusy;
}

/** A deployed node: what the buttons of its dialog compare with. */
export interface FetchNode extends RedNode {
  config?: FetchConfig;
}

/** The credentials of a `snapflow-fetch`. */
const FETCH_SECRETS = ['username', 'password'] as const;

export function openWebCamera(RED: Red, config: FetchConfig, secrets: Record<string, string>): WebCamera {
  const { address = '' } = config;
  return new WebCamera({
    address,
    login: loginOf(config, secrets),
    tls: tlsSettings(RED, config),
    proxy: config.proxy ? proxyFor(RED, config.proxy, originOf(address) ?? 'http://localhost') : undefined,
    timeoutMs: Number(config.timeout ?? 30) * 1000,
    jsonField: config.jsonField?.trim(),
  });
}

/** Works with the camera of a dialog and closes it afterwards. */
export async function withDraftWebCamera<T>(
  RED: Red,
  draft: Draft<FetchConfig>,
  signal: AbortSignal,
  work: (camera: WebCamera, config: FetchConfig) => Promise<T>,
): Promise<T> {
  const { config, secrets } = resolveDraft(
    RED,
    draft,
    FETCH_SECRETS,
    ({ address = '' }) => originOf(address) ?? '',
  );
  const camera = openWebCamera(RED, config, secrets);
  return closing(camera, signal, () => work(camera, config));
}

function loginOf(
  { auth = 'none' }: FetchConfig,
  { username = '', password = '' }: Record<string, string>,
): Login {
  return auth === 'none' || username === '' ? { kind: 'none' } : { kind: auth, username, password };
}
