/** What every node does that takes pictures when a message arrives. */
import { SingleFlight, type WhenBusy } from '../../lib/concurrency/single-flight';
import type { System } from '../../lib/errors';
import type { Picture } from '../../lib/picture';
import { wholePicturesOf } from '../../lib/picture/partial-snapshot';
import type { NodeParts } from './node';
import { pictureMessages } from './picture-message';
import type { Message, Send } from './red';

export interface TakerOptions {
  system: System;
  /** What becomes of messages that come while a picture of the same place is being taken. */
  whenBusy: WhenBusy | undefined;
  /** Keys of the words for the status. */
  words: { taking: string; taken: string };
}

/** Takes the pictures that a message asks for and sends them in it. */
export type Taker = (
  msg: Message,
  send: Send,
  key: string,
  take: (signal: AbortSignal) => Promise<Picture[]>,
) => Promise<void>;

export function pictureTaker(
  { RED, life, status, view }: NodeParts,
  { words, ...options }: TakerOptions,
): Taker {
  const flight = new SingleFlight<Picture[]>(options);
  const own = copiesOfSeen();
  life.own(() => flight.close());
  return async (msg, send, key, take) => {
    status.word('busy', words.taking);
    try {
      const pictures = await flight.run(take, { key, signal: life.signal });
      send([view.of(pictureMessages(RED, pictures.map(own), msg))]);
      status.word('ok', words.taken);
    } catch (error) {
      // Of several pictures some may have come whole: they go on, and the error still tells of the others.
      const whole = wholePicturesOf(error).map(own);
      if (whole.length > 0) send([view.of(pictureMessages(RED, whole, RED.util.cloneMessage(msg)))]);
      throw error;
    }
  };
}

/** A shared snapshot goes into several messages: all but the first get copies, so that none changes another's. */
function copiesOfSeen(): (picture: Picture) => Picture {
  const seen = new WeakSet<Picture>();
  return (picture) => {
    const { data, info } = picture;
    if (seen.has(picture)) return { data: Buffer.from(data), info: structuredClone(info) };
    seen.add(picture);
    return picture;
  };
}
