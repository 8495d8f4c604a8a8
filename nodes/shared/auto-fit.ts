/** *Fit automatically*: what an upload node makes of a picture that is too large for its platform. */
import { SnapflowError } from '../../lib/errors';
import { Workshop, type FitOptions } from '../../lib/fit';
import { sniffFormat, type PictureFormat } from '../../lib/picture';
import type { Lifetime } from './lifetime';
import type { Message } from './red';

/** Of its size, when the platform finds a picture too large although it is within the limit that we know. */
const SMALLER_SHARE = 0.6;

export interface PlatformLimit {
  /** Bytes; undefined: none is known. */
  maxBytes?: number | undefined;
  /** Formats that it stores; others become JPEG. Default: all. */
  formats?: readonly PictureFormat[];
}

export interface AutoFit {
  /**
   * The picture within the limit; the same Buffer when it fits. What was done is told in `msg.fit`.
   * @throws SnapflowError as `lib/fit`
   */
  (picture: Buffer, msg: Message): Promise<Buffer>;
  /** Once more smaller, when the platform refused it as too large. */
  again: (picture: Buffer, error: SnapflowError, signal: AbortSignal) => Promise<Buffer>;
}

/** @param limit asked for each picture: a project may be changed */
export function openAutoFit(life: Lifetime, limit: () => PlatformLimit): AutoFit {
  // Pictures that wait here are bounded by what the upload node lets in.
  const workshop = new Workshop({ maxQueued: 1000 });
  life.own(() => workshop.close());
  const options = (picture: Buffer): FitOptions => {
    const { maxBytes, formats } = limit();
    const format = sniffFormat(picture);
    const isStored = format === undefined || formats === undefined || formats.includes(format);
    return { maxBytes, ...(!isStored && { format: 'jpeg' }) };
  };
  const fit = async (picture: Buffer, msg: Message): Promise<Buffer> => {
    const { data, report } = await workshop.fit(picture, options(picture));
    if (report.action !== 'passed') msg['fit'] = report;
    return data;
  };
  return Object.assign(fit, {
    again: async (picture: Buffer, _error: SnapflowError, signal: AbortSignal): Promise<Buffer> => {
      const maxBytes = Math.max(1, Math.floor(picture.length * SMALLER_SHARE));
      const { data } = await workshop.fit(picture, { ...options(picture), maxBytes }, { signal });
      return data;
    },
  });
}
