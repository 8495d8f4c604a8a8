/** Pictures on their way to a channel. */
import type { Attempt } from '../../lib/delivery';
import { isSnapflowError } from '../../lib/errors';
import { getPictureInfo, uploadPicture, type Account, type UploadedPicture } from '../../lib/onenet';

/** The fields of `uploadPicture`, read from a message. */
export type PictureInput = Parameters<typeof uploadPicture>[1];

/**
 * One attempt. A name that the user gave is refused as taken when an earlier attempt of the same picture arrived but
 * its answer did not: then the picture is there, which its size tells.
 * @param again whether it may have been sent before the first of these attempts
 */
export async function deliverPicture(
  account: Account,
  input: PictureInput,
  { signal, attempt }: Attempt,
  again: boolean,
): Promise<UploadedPicture> {
  try {
    return await uploadPicture(account, input, { signal });
  } catch (error) {
    const { deviceId, channelId, name, picture } = input;
    const isTaken = isSnapflowError(error) && error.details?.['duplicate'] === true;
    if (!isTaken || (attempt === 1 && !again) || name === undefined) throw error;
    const named = { deviceId: String(deviceId), channelId: String(channelId), name };
    const { sizeBytes } = await getPictureInfo(account, named, { signal });
    if (sizeBytes !== picture.length) throw error;
    return { ...named, bytes: picture.length, alreadyStored: true };
  }
}
