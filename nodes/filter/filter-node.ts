/** Wires a `snapflow-filter` node. */
import { PictureFilter, type Verdict } from '../../lib/filter';
import { isAlarmMessage } from '../shared/alarm';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { picturePayload } from '../shared/picture-payload';
import type { Message } from '../shared/red';
import { filterOptions, type FilterConfig } from './filter-options';
import { KeptMemory } from './kept-memory';
import { forgetPictures, keepPicture } from './last-pictures';
import { deviceOf, factsOf, rateKeyOf } from './picture-facts';

export function setUp(parts: NodeParts, config: FilterConfig): void {
  const { RED, node, life, status, view } = parts;
  const options = filterOptions(config);
  const filter = new PictureFilter(options);
  const memory = new KeptMemory(parts, filter);
  const loaded = memory.load();
  const running = new Set<Promise<unknown>>();

  // Bursts end, what follows from that is sent, and only then is it known what to remember.
  life.own(async () => {
    filter.close();
    await Promise.allSettled(running);
    await memory.save();
    if (!isGone) return;
    memory.forget();
    forgetPictures(node.id);
  });
  let isGone = false;
  // Two declared parameters: only then does Node-RED wait for `done`.
  node.on('close', (removed, done) => {
    isGone = removed;
    done();
  });

  onInput(parts, async (msg, send) => {
    await loaded;
    if (msg['reset'] === true) {
      filter.reset();
      forgetPictures(node.id);
      await memory.save();
      status.clear();
      return;
    }
    const work = decide(msg);
    running.add(work);
    try {
      const verdict = await work;
      msg['filter'] = told(verdict);
      if (verdict.pass) view.show(msg);
      send(verdict.pass ? [msg, null] : [null, msg]);
      status.word(verdict.pass ? 'ok' : 'idle', `reason.${verdict.reason}`);
    } finally {
      running.delete(work);
    }
  });

  async function decide(msg: Message): Promise<Verdict> {
    const device = deviceOf(msg);
    const rateKey = rateKeyOf(msg, options.atMost?.per);
    const verdict = await filter.decide({
      data: picturePayload(msg),
      device,
      ...(rateKey !== undefined && { rateKey }),
      alarm: isAlarmMessage(msg),
      read: factsOf(RED, msg),
    });
    if (verdict.pass) memory.changed();
    if (config.keepLast !== false) {
      // For the dialog alone: the picture does not wait for it, and is not lost when it fails.
      keepPicture(node.id, device, verdict).catch((error: unknown) => node.warn(String(error)));
    }
    return verdict;
  }
}

/** As flows see it. */
function told({ reason, distance, threshold }: Verdict): object {
  return {
    reason,
    ...(distance !== undefined && { distance: Number(distance.toFixed(4)) }),
    ...(threshold !== undefined && { threshold }),
  };
}
