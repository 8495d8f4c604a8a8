/** *Watch*: each new picture of a channel becomes a message, once, also across restarts. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SnapflowError } from '../../lib/errors';
import { fileWatchStore, PictureWatch, type WatchStore } from '../../lib/onenet';
import { readFields } from '../../lib/onenet/fields';
import type { Picture } from '../../lib/picture';
import { nodeError } from '../shared/error-text';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import type { Red } from '../shared/red';
import { runtimeLanguage } from '../shared/words';
import { fieldValues } from './field-values';
import { WATCH_FIELDS, watchPictures } from './node-operations';
import type { OperationConfig, OperationSetUp } from './operation-node';
import type { AccountNode } from './account';
import { onenetKey } from './words';

export const watchForPictures: OperationSetUp = (parts, config, { account }) => {
  const { life } = parts;
  const running = run(parts, config, account).catch((error: unknown) => report(parts, error));
  life.own(() => running);
  onInput(parts, () => {
    throw new SnapflowError(
      'BAD_INPUT',
      'This node looks for new pictures by itself: it needs no message. Choose another operation, or remove the wire.',
      { system: 'onenet' },
    );
  });
};

async function run(
  parts: NodeParts,
  config: OperationConfig,
  account: AccountNode['account'],
): Promise<void> {
  const { RED, node, life, status, view } = parts;
  const given = await fieldValues(parts, watchPictures, config.fields);
  const { deviceId, channelId, intervalSeconds, lateHours } = readFields(WATCH_FIELDS, given, account.zone);
  const watch = new PictureWatch(account, {
    deviceId,
    channelId,
    intervalMs: intervalSeconds * 1000,
    lateMs: lateHours * 3_600_000,
    store: storeOf(RED, node.id),
    onPicture: (picture: Picture) => {
      node.send([view.of(pictureMessages(RED, [picture]))]);
      status.word('ok', onenetKey('status.newPicture'));
    },
    onError: (error) => report(parts, error),
  });
  status.word('waiting', onenetKey('status.watching'));
  await watch.run(life.signal);
}

/** No message asked for it: the error comes with an empty one, so that Catch nodes hear of it. */
function report({ RED, node, status, life }: NodeParts, error: unknown): void {
  if (life.signal.aborted) return;
  status.error(error instanceof SnapflowError ? error.code : 'UNEXPECTED');
  node.error(nodeError(error, runtimeLanguage(RED)), {});
}

/** A file of the node's own in Node-RED's user directory. */
function storeOf(RED: Red, id: string): WatchStore {
  const { userDir } = RED.settings;
  const folder = typeof userDir === 'string' ? userDir : process.cwd();
  const path = join(folder, 'snapflow', `onenet-watch-${id}.json`);
  const store = fileWatchStore(path);
  return {
    load: () => store.load(),
    async save(state) {
      await mkdir(dirname(path), { recursive: true });
      await store.save(state);
    },
  };
}
