/** What a `snapflow-receive` does. */
import { SnapflowError } from '../../lib/errors';
import type { Picture } from '../../lib/picture';
import { PictureReceiver, type ReceiverLogin, type ReceiverOptions } from '../../lib/web';
import type { DeviceChoice } from '../../lib/web/receiver/device';
import { nodeError } from '../shared/error-text';
import { attach, fullPath } from '../shared/entrance';
import { listenOptions, type ListenConfig } from '../shared/listen';
import type { NodeParts } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import type { NodeConfig } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { runtimeLanguage } from '../shared/words';

export interface ReceiveConfig extends NodeConfig, ListenConfig {
  /** A port of its own, or Node-RED's server. */
  place?: 'port' | 'node-red';
  basePath?: string;
  auth?: ReceiverLogin['kind'];
  deviceFrom?: DeviceChoice['from'];
  /** Name of the query, header or field, or of the device itself. */
  deviceName?: string;
  field?: string;
  trustProxy?: boolean;
  /** Megabytes of a body. */
  maxMB?: string | number;
}

const system = 'snapflow';

export function setUp(parts: NodeParts, config: ReceiveConfig): void {
  const { RED, life, node, status, view } = parts;
  const receiver = new PictureReceiver(receiverOptions(parts, config));
  let count = 0;
  const show = (): void => {
    if (receiver.state === 'retrying') status.word('error', 'status.retrying');
    else if (count > 0) status.text('ok', 'status.received', { count });
    else status.word('idle', 'status.waiting');
  };
  receiver.on('pictures', (pictures: Picture[]) => {
    count += pictures.length;
    node.send([view.of(pictureMessages(RED, pictures))]);
    show();
  });
  receiver.on('refused', ({ error, address }) => {
    status.error(error.code);
    node.log(RED._('log.refused', { address, reason: nodeError(error, runtimeLanguage(RED)).message }));
  });
  // No message asked for it: the error comes with an empty one, so that Catch nodes hear of it.
  receiver.on('error', (error) => node.error(nodeError(error, runtimeLanguage(RED)), {}));
  receiver.on('state', () => {
    const { address } = receiver;
    if (address) node.log(RED._('log.listening', { port: address.port }));
    show();
  });
  life.own(() => receiver.stop());
  if (config.place === 'node-red') life.own(attach(RED, receiver));
  void receiver.start();
}

function receiverOptions({ RED, node }: NodeParts, config: ReceiveConfig): ReceiverOptions {
  const { auth = 'none', deviceFrom = 'path', deviceName = '', maxMB, place = 'port' } = config;
  const secret = (name: string) => fixedSecret(RED, node, config, name);
  const maxBodyBytes = Math.round(Number(maxMB || 16) * 1_048_576);
  if (!['path', 'fixed'].includes(deviceFrom) && deviceName === '') {
    throw new SnapflowError('BAD_INPUT', 'Name the query, header or field that tells the device.', {
      system,
    });
  }
  return {
    ...(place === 'port' && { listen: listenOptions(RED, config, system, 8_091) }),
    basePath:
      place === 'port'
        ? `/${(config.basePath ?? '').replace(/^\/+/, '')}`
        : fullPath(RED, config.basePath, system),
    login: loginOf(auth, secret),
    device: { from: deviceFrom, name: deviceName },
    field: config.field?.trim() ?? '',
    trustProxy: config.trustProxy === true,
    limits: { maxBodyBytes },
  };
}

function loginOf(kind: ReceiverLogin['kind'], secret: (name: string) => string): ReceiverLogin {
  switch (kind) {
    case 'none':
      return { kind };
    case 'basic':
      return { kind, username: secret('username'), password: secret('password') };
    case 'bearer':
      return { kind, token: secret('token') };
  }
}
