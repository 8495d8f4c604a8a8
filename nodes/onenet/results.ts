/** Results of operations → messages. */
import type { AnyOperation } from '../../lib/onenet';
import type { Picture } from '../../lib/picture';
import { pictureMessages } from '../shared/picture-message';
import type { NodeParts } from '../shared/node';
import type { Message, Red, Send } from '../shared/red';

export type ListAs = 'messages' | 'array';

/**
 * Sends what an operation gave, in the message that asked for it.
 * @returns how many entries, for a list
 */
export async function sendResult(
  { RED, view }: Pick<NodeParts, 'RED' | 'view'>,
  { output }: Pick<AnyOperation, 'output'>,
  result: unknown,
  { msg, send, listAs }: { msg: Message; send: Send; listAs: ListAs },
): Promise<number | undefined> {
  switch (output) {
    case 'picture':
      send([view.of(pictureMessages(RED, [(await result) as Picture], msg))]);
      return undefined;
    case 'list':
      return listAs === 'array'
        ? sendArray(result as AsyncIterable<unknown>, msg, send)
        : sendSequence(RED, result as AsyncIterable<unknown>, msg, send);
    case 'value':
    case 'bytes':
      msg.payload = await result;
      send(msg);
      return undefined;
  }
}

async function sendArray(items: AsyncIterable<unknown>, msg: Message, send: Send): Promise<number> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  msg.payload = all;
  send(msg);
  return all.length;
}

/**
 * One message for each entry, as soon as it is there, with `msg.parts`. How many there are is known at the end: the
 * last message has the count, so one is always kept back. An empty list sends nothing, as the split node does.
 */
async function sendSequence(
  RED: Red,
  items: AsyncIterable<unknown>,
  msg: Message,
  send: Send,
): Promise<number> {
  const { payload: _payload, parts: outer, ...rest } = msg;
  const id = RED.util.generateId();
  const message = (item: unknown, index: number, count?: number): Message => ({
    ...RED.util.cloneMessage(rest),
    payload: item,
    parts: {
      id,
      type: 'array',
      len: 1,
      index,
      ...(count !== undefined && { count }),
      ...(outer !== undefined && { parts: outer }),
    },
  });
  let kept: { item: unknown } | undefined;
  let count = 0;
  try {
    for await (const item of items) {
      if (kept) send(message(kept.item, count - 1));
      kept = { item };
      count++;
    }
  } catch (error) {
    if (kept) send(message(kept.item, count - 1));
    throw error;
  }
  if (kept) send(message(kept.item, count - 1, count));
  return count;
}
