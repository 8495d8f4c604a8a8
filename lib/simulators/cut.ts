/** Faults that spoil a whole reply. */
import type { Reply } from './exchange';

/** `truncated` breaks the connection in the middle of the body; `unfinished` ends the body there, framing whole. */
export function cut(reply: Reply, fault: { name: string } | undefined): Reply {
  const body = Buffer.from(reply.body ?? '');
  const half = Math.floor(body.length / 2);
  if (fault?.name === 'truncated') return { ...reply, breakAfter: half };
  if (fault?.name === 'unfinished') return { ...reply, body: body.subarray(0, half) };
  return reply;
}
