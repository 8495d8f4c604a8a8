import type { SnapflowError, TextValues } from '../../errors';

/** Why a picture is not delivered: what `SnapflowError.toJSON` tells, and its text and values for a translation. */
export interface Reason {
  code: string;
  message: string;
  text: string;
  values: TextValues;
  platform?: unknown;
}

export function reasonOf({ code, message, text, values, platform }: SnapflowError): Reason {
  return { code, message, text, values, ...(platform && { platform }) };
}
