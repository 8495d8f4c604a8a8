/** Uploading pictures: in order for each channel, again after outages, done when they have arrived. */
import type { DeliveryState } from '../../lib/delivery';
import type { SnapflowError } from '../../lib/errors';
import { uploadPicture } from '../../lib/onenet';
import { readFields } from '../../lib/onenet/fields';
import { describeError } from '../../lib/texts';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import type { Message } from '../shared/red';
import { runtimeLanguage } from '../shared/words';
import type { PictureInput } from './delivery';
import { fieldValues } from './field-values';
import type { OperationSetUp } from './operation-node';
import { onenetKey } from './words';

export const uploadThroughLanes: OperationSetUp = (parts, config, { account, lanes, watch }) => {
  const { life, status } = parts;
  const mine = new OwnLanes(parts);
  life.own(watch((state) => mine.show(state)));

  onInput(parts, async (msg, send) => {
    if (msg['resume'] === true) {
      lanes.resume();
      return;
    }
    const given = await fieldValues(parts, uploadPicture, config.fields, msg);
    // Checked before it waits, so that what can never be sent holds nothing up.
    const input: PictureInput = readFields(
      uploadPicture.fields,
      { ...given, takenAt: given['takenAt'] ?? pictureOf(msg).takenAt },
      account.zone,
    );
    const lane = `${input.deviceId}/${input.channelId}`;
    const { result, attempts, waitedMs, tookMs } = await mine.during(
      lane,
      lanes.add(lane, input, input.picture.length),
    );
    msg.payload = result;
    msg['upload'] = {
      system: 'onenet',
      pictureId: pictureOf(msg).id,
      attempts,
      waitedMs: Math.round(waitedMs),
      tookMs: Math.round(tookMs),
    };
    send(msg);
    if (mine.count === 0) status.word('ok', onenetKey('status.uploaded'));
  });
};

/** What is known of a picture that came from one of our sources. */
function pictureOf({ picture }: Message): { id?: unknown; takenAt?: unknown } {
  return typeof picture === 'object' && picture !== null ? picture : {};
}

/** What one node has in the lanes of its account, as a status. */
class OwnLanes {
  readonly #parts: NodeParts;
  /** The lane of each picture of this node. */
  readonly #waiting: string[] = [];
  #told = new Set<SnapflowError>();

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#waiting.length;
  }

  async during<T>(lane: string, delivery: Promise<T>): Promise<T> {
    this.#waiting.push(lane);
    this.#showUploading();
    try {
      return await delivery;
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(lane), 1);
    }
  }

  show({ held, retrying }: DeliveryState): void {
    const { count } = this;
    const stopped = held.filter(({ lane }) => this.#waiting.includes(lane)).map(({ error }) => error);
    this.#tell(stopped);
    if (count === 0) return;
    const { status } = this.#parts;
    if (stopped.length > 0) status.text('waiting', onenetKey('status.held'), { count });
    else if (retrying > 0) status.text('waiting', onenetKey('status.retrying'), { count });
    else this.#showUploading();
  }

  #showUploading(): void {
    this.#parts.status.word('busy', onenetKey('status.uploading'));
  }

  /** A held lane keeps its messages, so no Catch node hears of it: the log and the debug sidebar do. */
  #tell(errors: SnapflowError[]): void {
    const { RED, node } = this.#parts;
    for (const error of errors) {
      if (!this.#told.has(error)) node.warn(describeError(error, runtimeLanguage(RED)));
    }
    this.#told = new Set(errors);
  }
}
