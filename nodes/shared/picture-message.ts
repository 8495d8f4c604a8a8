/** Pictures → messages: the same shape for every source, so that any source wires to any filter and target. */
import { suggestFilename, type Picture, type PictureInfo } from '../../lib/picture';
import type { Message, Red } from './red';

export interface PictureMessage extends Message {
  payload: Buffer;
  picture: PictureInfo;
  filename: string;
}

/**
 * One message per picture: `payload`, `picture`, `filename`, and `parts` when there are several.
 * @param trigger the message that asked for them: the first picture travels in it, the others in copies, so
 *   that its other properties pass through and its topic is kept. Without one the topic is
 *   `<system>/<device>/<kind>`.
 */
export function pictureMessages(RED: Red, pictures: readonly Picture[], trigger?: Message): PictureMessage[] {
  const carriers = carriersFor(RED, pictures, trigger);
  const several = pictures.length > 1;
  const sequence = { id: RED.util.generateId(), type: 'array', len: 1, count: pictures.length };
  // As the split node does: an outer sequence is kept inside the inner one.
  const outer = trigger?.parts === undefined ? {} : { parts: trigger.parts };
  return pictures.map(({ data, info }, index) =>
    Object.assign(carriers[index] as Message, {
      payload: data,
      picture: info,
      filename: suggestFilename(info, index + 1),
      ...(several && { parts: { ...sequence, index, ...outer } }),
    }),
  );
}

function carriersFor(RED: Red, pictures: readonly Picture[], trigger: Message | undefined): Message[] {
  if (trigger === undefined) return pictures.map(({ info }) => ({ topic: topicOf(info) }));
  // The old payload is replaced anyway: it need not be copied.
  const { payload: _payload, ...rest } = trigger;
  return pictures.map((_picture, index) => (index === 0 ? trigger : RED.util.cloneMessage(rest)));
}

function topicOf({ source }: PictureInfo): string {
  return [source.system, source.device, source.kind ?? 'picture'].join('/');
}
