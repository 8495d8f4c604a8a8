/** The error table of ThingsCloud's “设备图片上传” (section 错误码一览): errcode → HTTP status and message. */
import { jsonReply, type Reply } from '../exchange';

const AUTHENTICATION = 'Upload authentication failed';
const REPORT = 'Device Attribute report failed';
const FREQUENCY = 'Request frequency is too high, please wait for a moment.';

const TABLE = {
  4001: [400, 'Missing Region header'],
  4002: [400, 'Missing Project-Key header'],
  4003: [400, 'Request body must be image binary data'],
  4004: [400, 'Invalid image format'],
  4005: [413, 'Image size exceeds limit'],
  4006: [400, 'Missing Content-Type: application/octet-stream header'],
  1022: [400, AUTHENTICATION],
  1480: [400, AUTHENTICATION],
  1424: [400, AUTHENTICATION],
  1470: [400, AUTHENTICATION],
  1471: [400, AUTHENTICATION],
  1023: [400, AUTHENTICATION],
  4008: [400, 'Region not found'],
  4009: [400, REPORT],
  401: [400, REPORT],
  451: [400, REPORT],
  402: [400, REPORT],
  403: [400, REPORT],
  413: [400, REPORT],
  4041: [404, 'The requested endpoint does not exist'],
  4291: [429, FREQUENCY],
  4292: [429, FREQUENCY],
  5001: [500, 'Internal server error'],
} as const satisfies Record<number, readonly [number, string]>;

export type Errcode = keyof typeof TABLE;

export const ERRCODES = Object.keys(TABLE).map(Number) as Errcode[];

/** Codes that say: the picture is stored, but its address did not reach the device's attribute. */
export type ReportErrcode = 4009 | 401 | 451 | 402 | 403 | 413;

export function isReportErrcode(errcode: Errcode): errcode is ReportErrcode {
  return TABLE[errcode][1] === REPORT;
}

/** @param status overrides the table's */
export function errcodeReply(errcode: Errcode, status?: number): Reply {
  const [usual, message] = TABLE[errcode];
  return jsonReply(status ?? usual, { result: 0, errcode, message });
}
