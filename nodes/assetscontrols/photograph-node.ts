/** What an `assetscontrols-photograph` does. */
import { photograph, recordPictures, type PhotographOptions } from '../../lib/assetscontrols';
import { SnapflowError } from '../../lib/errors';
import type { Picture } from '../../lib/picture';
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import type { Message, Send } from '../shared/red';
import { requiredText, typedProperty } from '../shared/typed-value';
import type { AccountNode } from './account';
import { photographInput, type PhotographConfig } from './photograph-input';

const RECORD = text('The GUID of the record');

export function setUp(parts: NodeParts, config: PhotographConfig): void {
  const source = configNode<AccountNode>(parts.RED, config.account);
  const work = config.operation === 'files' ? fetchFiles : takePhotograph;
  onInput(parts, (msg, send) => work(parts, source, config, msg, send));
}

async function takePhotograph(
  parts: NodeParts,
  { account }: AccountNode,
  config: PhotographConfig,
  msg: Message,
  send: Send,
): Promise<void> {
  const input = await photographInput(parts, config, msg);
  parts.status.word('busy', 'status.instructing');
  msg.payload = await photograph(account, input, {
    ...busyOptions(parts, config),
    signal: parts.life.signal,
  });
  send(msg);
  parts.status.word('ok', 'status.instructed');
}

function busyOptions({ status }: NodeParts, config: PhotographConfig): PhotographOptions {
  if (config.whenBusy !== 'retry') return {};
  const times = Number(config.busyTimes ?? 3);
  return {
    busyRetries: times,
    busyPauseMs: Number(config.busyPause ?? 10) * 1000,
    onBusy: (tries) => status.text('waiting', 'status.busy', { tries, times }),
  };
}

async function fetchFiles(
  { RED, status, life, view, ...scope }: NodeParts,
  { account }: AccountNode,
  config: PhotographConfig,
  msg: Message,
  send: Send,
): Promise<void> {
  const record = await requiredText({ RED, ...scope }, typedProperty(config, 'record'), msg, RECORD);
  status.word('busy', 'status.fetching');
  const pictures: Picture[] = [];
  try {
    for await (const picture of recordPictures(account, record, { signal: life.signal })) {
      pictures.push(picture);
    }
  } catch (error) {
    // Those that came whole go on, and the error still tells of the others.
    if (pictures.length > 0) send([view.of(pictureMessages(RED, pictures, RED.util.cloneMessage(msg)))]);
    throw error;
  }
  if (pictures.length === 0) {
    throw new SnapflowError('NOT_FOUND', 'The record {{record}} has no pictures.', {
      system: 'assetscontrols',
      values: { record },
    });
  }
  send([view.of(pictureMessages(RED, pictures, msg))]);
  status.text('ok', 'status.fetched', { count: pictures.length });
}
