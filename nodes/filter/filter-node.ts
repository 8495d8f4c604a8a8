/** Wires a `snapflow-filter` node. */
import { isSnapflowError } from '../../lib/errors';
import { PictureFilter, type Verdict } from '../../lib/filter';
import { isAlarmMessage } from '../shared/alarm';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { picturePayload } from '../shared/picture-payload';
import type { Message } from '../shared/red';
import { filterOptions, type FilterConfig } from './filter-options';
import { KeptMemory } from './kept-memory';
import { forgetPictures, keepPicture } from './last-pictures';
import { forgetUndecided, keepUndecided, takeUndecided } from './undecided';
import { deviceOf, factsOf, rateKeyOf } from './picture-facts';

export function setUp(parts: NodeParts, config: FilterConfig): void {
  const { RED, node, life, status, view } = parts;
  const options = filterOptions(config);
  const filter = new PictureFilter(options);
  const memory = new KeptMemory(parts, filter);
  const loaded = memory.load();
  const running = new Set<Promise<unknown>>();
  let isGone = false;

  // What is not decided on waits for the next node; where there will be none, bursts end. Only then is it known what
  // to remember.
  life.own(async (removed) => {
    if (removed) filter.close();
    else filter.abandon();
    isGone = removed;
    await Promise.allSettled(running);
    await memory.save();
    if (!removed) return;
    memory.forget();
    forgetPictures(node.id);
    forgetUndecided(node.id);
  });
  takeUndecided(parts);

  onInput(parts, async (msg, send) => {
    if (msg['reset'] === true) {
      await loaded;
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
    } catch (error) {
      const isClosed = isSnapflowError(error) && error.code === 'CLOSED';
      if (!isClosed || isGone || !keepUndecided(node.id, msg)) throw error;
      // The next node tells when it is done.
      return new Promise(() => undefined);
    } finally {
      running.delete(work);
    }
  });

  async function decide(msg: Message): Promise<Verdict> {
    await loaded;
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
