/** What the dialogs ask: the facts of the protocol, the devices of a deployed server, and who wants to join. */
import { SnapflowError } from '../../lib/errors';
import {
  ALARM_TYPES,
  DEFAULT_LIMITS,
  OPERATIONS,
  PERSONAL_FIELDS,
  type DeviceRecord,
} from '../../lib/lenfocus';
import { configNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ServerNode } from './server';

export interface ServerAsked {
  /** Id of the config node. */
  server: string;
}

export function facts(): object {
  return {
    limits: DEFAULT_LIMITS,
    personal: PERSONAL_FIELDS,
    alarmTypes: ALARM_TYPES,
    operations: OPERATIONS,
  };
}

export function knownDevices(RED: Red, asked: ServerAsked): object {
  return { devices: deployed(RED, asked).server.devices() };
}

export function joinRequests(RED: Red, asked: ServerAsked): object {
  return { requests: deployed(RED, asked).server.wantsToJoin() };
}

export async function admit(RED: Red, { server, ...device }: ServerAsked & DeviceRecord): Promise<object> {
  await deployed(RED, { server }).server.admit(recordOf(device));
  return { admitted: device.sn };
}

function deployed(RED: Red, { server }: ServerAsked): ServerNode {
  if (!RED.nodes.getNode(server)) {
    throw new SnapflowError('BAD_INPUT', 'Deploy the device server first: only then can cameras dial in.', {
      system: 'lenfocus',
    });
  }
  return configNode<ServerNode>(RED, server);
}

/** Only what a record has, and only text: the browser sends what it likes. */
function recordOf({ sn, did, name, note, securityCode }: DeviceRecord): DeviceRecord {
  const given = Object.entries({ did, name, note, securityCode }).filter(
    ([, value]) => typeof value === 'string' && value !== '',
  );
  return { sn: typeof sn === 'string' ? sn : '', ...Object.fromEntries(given) };
}
