/** What is said when a limit of a client is reached. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import type { Peer } from './failure';

/** Where a call stands: waiting for a connection, connecting, until the headers, until the last byte. */
export type Phase = 'queue' | 'connect' | 'reply' | 'body';

interface Overrun {
  timeoutMs: number;
  headersTimeoutMs: number;
  maxReplyBytes: number;
  /** Method and path as errors may show them. */
  label: string;
}

const PHASES: Readonly<Record<Phase, string>> = {
  queue: text('waiting for its turn'),
  connect: text('connecting'),
  reply: text('waiting for the reply'),
  body: text('reading the reply'),
};

export function noConnection({ system, address }: Peer, connectTimeoutMs: number): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'No connection to {{address}} within {{seconds}} s. Check the address, the network, and that the device is on.',
    {
      system,
      values: { address, seconds: connectTimeoutMs / 1000 },
      details: { phase: 'connect', timeoutMs: connectTimeoutMs },
    },
  );
}

export function noReply({ system, address }: Peer, { headersTimeoutMs, label }: Overrun): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    '{{address}} did not begin to answer within {{seconds}} s. Check that the device is well, or allow more time.',
    {
      system,
      values: { address, seconds: headersTimeoutMs / 1000 },
      details: { phase: 'headers', timeoutMs: headersTimeoutMs, request: label },
    },
  );
}

export function tooSlow({ system, address }: Peer, call: Overrun, phase: Phase): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'The call to {{address}} was not done within {{seconds}} s; it was {{phase}}.',
    {
      system,
      values: { address, seconds: call.timeoutMs / 1000, phase: PHASES[phase] },
      details: { phase, timeoutMs: call.timeoutMs, request: call.label },
    },
  );
}

export function tooLarge({ system, address }: Peer, { maxReplyBytes, label }: Overrun): SnapflowError {
  return new SnapflowError(
    'TOO_LARGE',
    'The reply of {{address}} is larger than the limit of {{limit}} bytes.',
    {
      system,
      values: { address, limit: maxReplyBytes },
      details: { maxReplyBytes, request: label },
    },
  );
}
