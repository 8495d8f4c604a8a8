/** From the fields of a `huawei-camera` config node to a camera: deployed, or as it stands in a dialog. */
import type { HuaweiCamera } from '../../lib/huawei';
import { closing } from '../shared/closing';
import { resolveDraft, type Draft } from '../shared/draft';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsSettings, type TlsChoice } from '../shared/tls';

export interface CameraConfig extends NodeConfig, TlsChoice {
  address?: string;
  /** Seconds for a whole call, as the dialog holds them. */
  timeout?: string | number;
}

/** A `huawei-camera` config node as the nodes that refer to it see it. */
export interface CameraNode extends RedNode {
  config?: CameraConfig;
  camera: HuaweiCamera;
}

/** The credentials of a `huawei-camera`. */
export const CAMERA_SECRETS = ['username', 'password'] as const;

/** A camera with its https address, named by the config node's name or its host. */
export function openCamera(
  RED: Red,
  config: CameraConfig,
  { username = '', password = '' }: Record<string, string>,
): HuaweiCamera {
  // Here and not above: a Node-RED without cameras need not load their HTTP client.
  const { HuaweiCamera } = require('../../lib/huawei') as typeof import('../../lib/huawei');
  return new HuaweiCamera({
    address: config.address ?? '',
    ...(username !== '' && { credentials: { username, password } }),
    tls: tlsSettings(RED, config),
    timeoutMs: Number(config.timeout ?? 30) * 1000,
    ...(config.name && { device: config.name }),
  });
}

/** Works with the camera of a dialog and closes it afterwards. */
export async function withDraftCamera<T>(
  RED: Red,
  draft: Draft<CameraConfig>,
  signal: AbortSignal,
  work: (camera: HuaweiCamera) => Promise<T>,
): Promise<T> {
  const { baseUrlOf } = require('../../lib/huawei/address') as typeof import('../../lib/huawei/address');
  const { config, secrets } = resolveDraft(RED, draft, CAMERA_SECRETS, ({ address }) =>
    baseUrlOf(address ?? ''),
  );
  const camera = openCamera(RED, config, secrets);
  return closing(camera, signal, () => work(camera));
}
