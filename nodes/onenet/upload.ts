/** Uploading pictures and files: in order for each channel or product, again after outages, in memory or on disk. */
import type { Attempt } from '../../lib/delivery';
import { uploadFile, uploadPicture, type OperationInfo, type UploadedPicture } from '../../lib/onenet';
import { readFields } from '../../lib/onenet/fields';
import { openAutoFit } from '../shared/auto-fit';
import { openDelivery } from '../shared/delivery/delivery';
import type { Outgoing, Shipment, Target } from '../shared/delivery/target';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import type { Message } from '../shared/red';
import type { AccountNode } from './account';
import { deliverPicture } from './delivery';
import { fieldValues } from './field-values';
import type { OperationConfig, OperationSetUp } from './operation-node';

/** Bytes of a fitted picture, when the dialog does not say: OneNET tells no limit, and this is enough to look at. */
const FIT_BYTES = 1_000_000;

/** The fields of the operation without the bytes, as they were given. */
type Job = Record<string, unknown>;

export const uploadPictures: OperationSetUp = (parts, config, account) => {
  const { zone } = account.account;
  const read = (values: Job) => readFields(uploadPicture.fields, values, zone);
  const maxBytes = Number(config.fitBytes ?? FIT_BYTES);
  const fit = config.fit
    ? openAutoFit(parts.life, () => ({ maxBytes, formats: ['jpeg', 'png'] }))
    : undefined;
  openUpload(parts, config, account, uploadPicture, {
    fix: fit?.again,
    async prepare(msg, given) {
      const { picture } = given;
      if (fit && Buffer.isBuffer(picture)) given = { ...given, picture: await fit(picture, msg) };
      // Checked before it waits, so that what can never be sent holds nothing up.
      const values: Job = { ...given, takenAt: given['takenAt'] ?? takenAtOf(msg) };
      const { deviceId, channelId, picture: body } = read(values);
      const { picture: _picture, ...job } = values;
      return { lane: `${deviceId}/${channelId}`, body, job };
    },
    send: ({ job, body, again }, attempt): Promise<UploadedPicture> =>
      deliverPicture(account.account, read({ ...job, picture: body }), attempt, again),
  });
};

export const uploadFiles: OperationSetUp = (parts, config, account) => {
  const { zone } = account.account;
  openUpload(parts, config, account, uploadFile, {
    prepare(_msg, given) {
      const { productId, content: body } = readFields(uploadFile.fields, given, zone);
      const { content: _content, ...job } = given;
      return { lane: `${productId}`, body, job };
    },
    send({ job, body }, { signal }) {
      const input = readFields(uploadFile.fields, { ...job, content: body }, zone);
      return uploadFile(account.account, input, { signal });
    },
  });
};

interface Upload<Result> {
  /** @throws SnapflowError `BAD_INPUT` for fields that cannot be sent */
  prepare: (msg: Message, given: Record<string, unknown>) => Shipment<Job> | Promise<Shipment<Job>>;
  fix?: Target<Job, Result>['fix'];
  send: (outgoing: Outgoing<Job>, attempt: Attempt) => Promise<Result>;
}

function openUpload<Result>(
  parts: NodeParts,
  { outbox, fields }: OperationConfig,
  { memory, secrets }: AccountNode,
  operation: OperationInfo,
  { prepare, send, fix }: Upload<Result>,
): void {
  const target: Target<Job, Result> = {
    system: 'onenet',
    memory,
    disk: { secrets },
    send,
    fix,
    proof: (payload) => ({ payload }),
  };
  const deliver = openDelivery(parts, outbox, target);
  onInput(parts, (msg, forward) =>
    deliver(msg, forward, async () => prepare(msg, await fieldValues(parts, operation, fields, msg))),
  );
}

/** When a picture from one of our sources was taken. */
function takenAtOf({ picture }: Message): unknown {
  return typeof picture === 'object' && picture !== null && 'takenAt' in picture
    ? picture.takenAt
    : undefined;
}
