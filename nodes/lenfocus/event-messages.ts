/** What cameras report → messages. */
import type { Report } from '../../lib/lenfocus';
import { pictureMessages } from '../shared/picture-message';
import type { Message, Red } from '../shared/red';
import type { EventName } from './event-filter';
import type { Question } from './questions';

/** One message for each picture, or one for each report. */
export type OutputMode = 'picture' | 'report';

/**
 * The messages of a report: first output, second output. Pictures have an output of their own, so that it can be
 * wired to anything that takes pictures: a report without one goes to the second.
 */
export function reportMessages(RED: Red, report: Report, output: OutputMode): [Message[], Message[]] {
  const question: Question = { kind: 'report', id: report.id };
  if (report.kind === 'info') return [[], [eventMessage('info', report.device.sn, report)]];
  if (output === 'report') return [[eventMessage(report.kind, report.device.sn, report, question)], []];
  const { pictures, ...facts } = report;
  if (pictures.length === 0) return [[], [eventMessage(report.kind, report.device.sn, facts, question)]];
  const messages = pictureMessages(RED, pictures).map((message, index) =>
    Object.assign(message, {
      report: facts,
      question,
      ...(pictures[index]?.duplicate && { duplicate: true }),
    }),
  );
  return [messages, []];
}

export function eventMessage(
  kind: EventName | Report['kind'],
  sn: string,
  payload: object,
  question?: Question,
): Message {
  return { topic: `lenfocus/${sn}/${kind}`, kind, payload, ...(question && { question }) };
}
