/** The answer codes of the protocol (chapter 四) and what they mean. */
import { text } from '../../texts/mark';

export const CODE = {
  ok: 200,
  unauthorised: 401,
  notFound: 404,
  badParameter: 420,
  notRegistered: 421,
  badAppId: 422,
  badSignature: 423,
  badEventType: 424,
  oldClient: 425,
  noSuchResource: 426,
  /** Not of the document: the flow that should have taken the report did not. */
  notTaken: 500,
  /** Not of the document: too many bytes in flight; send it again later. */
  busy: 503,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
  [CODE.unauthorised]: text('the token is missing or no longer valid'),
  [CODE.notFound]: text('this camera does not know the operation'),
  [CODE.badParameter]: text('a parameter is wrong'),
  [CODE.notRegistered]: text('the device is not registered'),
  [CODE.badAppId]: text('the AppId is not valid'),
  [CODE.badSignature]: text('the signature is wrong'),
  [CODE.badEventType]: text('the event type is wrong'),
  [CODE.oldClient]: text('the client version is too old'),
  [CODE.noSuchResource]: text('what was asked for does not exist'),
};

/** What a code means; a code that the document does not list is said to be so. */
export function meaningOf(code: number): string {
  return MEANINGS[code] ?? text('the document does not explain this code');
}

/** §1.1–1.6 answer success with 200, §1.7–1.16 with 0; cameras mix them. */
export function isSuccess(code: number | undefined): boolean {
  return code === 0 || code === CODE.ok;
}
