/** The instruction `ActiveNewPhotograph`: pictures, a video, or both, on demand. */
import { isSnapflowError, SnapflowError } from '../errors';
import { wait } from '../wait';
import type { Account } from './account';
import { findAssetGuid, type CallOptions } from './assets';
import { parseCameraReply, type CameraReply } from './camera-reply';
import { asNumber, asText, type JsonObject } from './envelope';
import { writeInstruction, type PhotographInput } from './instruction';

export interface PhotographOptions extends CallOptions {
  /** Times to try again while the camera is busy. Default 0. */
  busyRetries?: number;
  /** Milliseconds before each further try. Default 10 000. */
  busyPauseMs?: number;
  /** Called before each pause, with the tries so far that found the camera busy. */
  onBusy?: (busyTries: number) => void;
}

export interface Photograph {
  assetGuid: string;
  /** The device's own id and number. */
  terminalId?: string;
  terminalNumber?: string;
  /** When the instruction was carried out, ISO 8601. */
  at?: string;
  /** Stem of the names of the files that it makes. */
  file?: string;
  /** Tries that found the camera busy. */
  busyTries: number;
  /** The camera's answer as it came. */
  response: string;
}

/**
 * Sends the instruction and reads the camera's answer. Only *busy* is tried again, and only by setting: after a
 * time-out the camera may still act.
 * @throws SnapflowError by result code; `DEVICE_BUSY`; `DEVICE_REFUSED` for another status of the camera;
 * `BAD_RESPONSE` when the answer is none of a camera
 */
export async function photograph(
  account: Account,
  input: PhotographInput,
  options: PhotographOptions = {},
): Promise<Photograph> {
  const content = writeInstruction(input);
  const { busyRetries = 0, busyPauseMs = 10_000, onBusy, signal } = options;
  for (let busyTries = 0; ; busyTries++) {
    try {
      return { ...(await photographOnce(account, input, content, signal)), busyTries };
    } catch (error) {
      if (!isSnapflowError(error) || error.code !== 'DEVICE_BUSY' || busyTries >= busyRetries) throw error;
    }
    onBusy?.(busyTries + 1);
    await wait(account.clock, busyPauseMs, 'assetscontrols', signal);
  }
}

async function photographOnce(
  account: Account,
  input: PhotographInput,
  content: JsonObject,
  signal: AbortSignal | undefined,
): Promise<Omit<Photograph, 'busyTries'>> {
  const { assetNumber } = input;
  const assetGuid = input.assetGuid ?? (await findAssetGuid(account, assetNumber ?? '', { signal }));
  try {
    const [wire = {}] = await account.ask({
      endpoint: 'Instruction',
      action: 'ActiveNewPhotograph',
      content: { FAssetGUID: assetGuid, FT_GpActiveNewPhotograph: content },
      signal,
    });
    return { assetGuid, ...readOutcome(wire) };
  } catch (error) {
    // The number may belong to another device by now: look it up again next time.
    if (assetNumber && isSnapflowError(error) && error.code === 'NOT_FOUND') {
      account.assetGuids.delete(assetNumber);
    }
    throw error;
  }
}

function readOutcome(wire: JsonObject): Omit<Photograph, 'busyTries' | 'assetGuid'> {
  const response = asText(wire.response) ?? '';
  const reply = parseCameraReply(response);
  if (reply?.status !== 0) throw cameraError(reply, response);
  const terminalId = asText(wire.terminalStrId);
  const terminalNumber = asText(wire.terminalNum);
  const at = readTime(wire);
  return {
    ...(terminalId !== undefined && { terminalId }),
    ...(terminalNumber !== undefined && { terminalNumber }),
    ...(at !== undefined && { at }),
    ...(reply.file !== undefined && { file: reply.file }),
    response,
  };
}

/** `dateTime` with any number of fractional digits, else `dateTimestamp` in milliseconds. */
function readTime({ dateTime, dateTimestamp }: JsonObject): string | undefined {
  for (const value of [asText(dateTime), asNumber(dateTimestamp)]) {
    const time = value === undefined ? NaN : new Date(value).getTime();
    if (!Number.isNaN(time)) return new Date(time).toISOString();
  }
  return undefined;
}

function cameraError(reply: CameraReply | undefined, response: string): SnapflowError {
  const options = { system: 'assetscontrols' as const, details: { response } };
  if (!reply) {
    return new SnapflowError(
      'BAD_RESPONSE',
      'The instruction was sent, but the answer is none of a camera: “{{response}}”. It may have acted all the same.',
      { ...options, values: { response } },
    );
  }
  const platform = { code: reply.status, message: response };
  if (reply.status === 1) {
    return new SnapflowError('DEVICE_BUSY', 'The camera is busy. Try again a little later.', {
      ...options,
      platform,
    });
  }
  return new SnapflowError('DEVICE_REFUSED', 'The camera refused the instruction (status {{status}}).', {
    ...options,
    values: { status: reply.status },
    platform,
  });
}
