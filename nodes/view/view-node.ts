/** What a `snapflow-view` does: it shows a picture and lets every message through as it came. */
import { sniffFormat } from '../../lib/picture';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';

export function setUp(parts: NodeParts): void {
  const { status, view } = parts;
  onInput(parts, (msg, send) => {
    view.show(msg);
    if (Buffer.isBuffer(msg.payload) && sniffFormat(msg.payload)) status.clear();
    else status.word('idle', 'status.noPicture');
    send(msg);
  });
}
