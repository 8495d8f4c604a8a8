/**
 * What of a message waits on disk beside its picture, so that the same message leaves when the picture has arrived,
 * also after a restart. A message may hold anything (sockets, secrets, megabytes): only what is known to belong to a
 * picture is kept, and what the user names, as JSON and up to a limit.
 */
import type { Message } from '../red';

/** The first go first when there is not room for all. */
const KEPT = ['_msgid', 'topic', 'filename', 'alarm', 'filter', 'fit', 'picture', 'parts'] as const;

/** Bytes of JSON that are kept of one message. Default 65 536. */
const MAX_KEPT_BYTES = 65_536;

/** @param more names of further properties, separated by commas */
export function keptMessage(msg: Message, more = '', maxBytes = MAX_KEPT_BYTES): Message {
  const named = more
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'payload');
  const kept: Message = {};
  let room = maxBytes;
  for (const name of new Set([...KEPT, ...named])) {
    for (const value of [msg[name], withoutMeta(msg[name])]) {
      const json = jsonOf(value);
      if (json === undefined || json.length > room) continue;
      kept[name] = JSON.parse(json);
      room -= json.length;
      break;
    }
  }
  return kept;
}

/** What a source sent beside a picture may be large: the picture is known without it. */
function withoutMeta(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('meta' in value)) return undefined;
  const { meta: _meta, ...rest } = value;
  return rest;
}

/** Undefined for what is no JSON, such as a circle. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
