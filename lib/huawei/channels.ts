/** The channels of a camera, from two answers that know different things about them. */
import { objectOf, textOf } from '../json';

export interface HuaweiChannel {
  /** What SnapAction asks for. */
  uuid: string;
  /** Number of the channel, such as `101`. */
  channelId?: string;
  /** The camera's name of it, such as `default` or `panorama`. */
  name?: string;
  deviceId?: string;
}

/** X-HW-b, `Rest/DeviceID`: `{"IDs": [{"UUID", "deviceID"}]}`. */
export function readDeviceIds(json: unknown): HuaweiChannel[] {
  return listOf(json, 'IDs').flatMap((entry) =>
    channel(entry['UUID'] ?? entry['uuid'], { deviceId: textOf(entry['deviceID']) }),
  );
}

/** X-HW-c, `CnsPaas/ChnQury`: `{"CnsChnParam": [{"uuid", "attrList": {"name", "channelId": "101", …}}]}`. */
export function readChannelAttributes(json: unknown): HuaweiChannel[] {
  return listOf(json, 'CnsChnParam').flatMap((entry) => {
    const attributes = objectOf(entry['attrList']);
    return channel(entry['uuid'] ?? entry['UUID'], {
      channelId: textOf(attributes['channelId']),
      name: textOf(attributes['name']),
    });
  });
}

/** One list of both, by UUID (its case is the camera's whim), in the order of the first. */
export function joinChannels(lists: HuaweiChannel[][]): HuaweiChannel[] {
  const joined = new Map<string, HuaweiChannel>();
  for (const found of lists.flat()) {
    const key = found.uuid.toLowerCase();
    joined.set(key, { ...found, ...joined.get(key) });
  }
  return [...joined.values()];
}

function channel(uuid: unknown, facts: Record<string, string | undefined>): HuaweiChannel[] {
  const text = textOf(uuid);
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return text === undefined ? [] : [{ uuid: text, ...Object.fromEntries(known) }];
}

function listOf(json: unknown, name: string): Array<Record<string, unknown>> {
  const list = objectOf(json)[name];
  return Array.isArray(list) ? list.map(objectOf) : [];
}
