/** What a `huawei-camera` does, and the button of its dialog. */
import type { HuaweiCamera } from '../../lib/huawei';
import { isSnapflowError } from '../../lib/errors';
import type { Asker } from '../shared/admin';
import type { Draft } from '../shared/draft';
import type { NodeParts } from '../shared/node';
import type { Red } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { sharedKey } from '../shared/words';
import { openCamera, withDraftCamera, type CameraConfig, type CameraNode } from './camera';

export function setUp({ RED, node, life }: NodeParts<CameraNode>, config: CameraConfig): void {
  node.config = config;
  node.camera = openCamera(RED, config, {
    username: fixedSecret(RED, node, config, 'username'),
    password: fixedSecret(RED, node, config, 'password'),
  });
  life.own(() => node.camera.close());
  if (config.tlsMode === 'off') node.warn(RED._(sharedKey('tls.offWarning')));
}

export function test(RED: Red, draft: Draft<CameraConfig>, { signal }: Asker): Promise<{ facts: string[] }> {
  return withDraftCamera(RED, draft, signal, async (camera) => ({ facts: await factsOf(camera, signal) }));
}

/** What the camera says it is. Some firmware has no such answer: that it refused to tell is contact enough. */
async function factsOf(camera: HuaweiCamera, signal: AbortSignal): Promise<string[]> {
  try {
    const { manufacturer, model, softwareVersion, serialNumber } = await camera.systemInfo({ signal });
    return [manufacturer, model, softwareVersion, serialNumber].filter((fact) => fact !== undefined);
  } catch (error) {
    if (isSnapflowError(error) && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}
