/** `ResponseStatus` of the SDC API: how a call went, in the camera's own words. */
import { objectOf } from '../json';

export interface ResponseStatus {
  /** 0 is success. */
  code: number | string;
  message?: string;
}

/** The longest text of a camera that is kept, in characters. */
const MAX_MESSAGE = 200;

/**
 * The status in a JSON answer, `{ResponseStatus: {RequestURL, StatusCode, StatusString}}` or, from some operations,
 * the three fields alone; undefined when it has none.
 */
export function readStatus(json: unknown): ResponseStatus | undefined {
  const fields = fieldsOf(json);
  const status = fields.has('responsestatus') ? fieldsOf(fields.get('responsestatus')) : fields;
  const code = status.get('statuscode');
  if (typeof code !== 'number' && typeof code !== 'string') return undefined;
  const message = status.get('statusstring');
  return {
    code: typeof code === 'string' && /^\s*-?\d{1,15}\s*$/.test(code) ? Number(code) : code,
    ...(typeof message === 'string' && message !== '' && { message: message.slice(0, MAX_MESSAGE) }),
  };
}

/** By names in lower case: firmware differs in them (`RequestURL`, `RequestUrl`). */
function fieldsOf(json: unknown): Map<string, unknown> {
  return new Map(Object.entries(objectOf(json)).map(([name, value]) => [name.toLowerCase(), value]));
}
