/** What a `snapflow-save` does. */
import { isAbsolute, resolve } from 'node:path';
import { SnapflowError } from '../../lib/errors';
import { PictureFolder, type PictureFolderOptions } from '../../lib/folder';
import type { OutboxConfig } from '../shared/delivery/outbox-config';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { pictureFactsOf } from '../shared/picture-facts';
import type { NodeConfig, Red } from '../shared/red';

export interface SaveConfig extends NodeConfig {
  /** Absolute, or below Node-RED's user directory. */
  folder?: string;
  /** Whether it is made when it is missing; off for a disk that is mounted. Default: on. */
  make?: boolean;
  pattern?: string;
  zone?: PictureFolderOptions['zone'];
  ifExists?: PictureFolderOptions['ifExists'];
  /** Days that pictures are kept; empty or 0 for ever. */
  days?: string | number;
  /** Pictures kept; empty or 0 for all. */
  count?: string | number;
  /** Megabytes kept; empty or 0 for all. */
  megabytes?: string | number;
  /** Megabytes of the disk that stay free. */
  freeMB?: string | number;
  /** Where pictures wait while the folder cannot be used. Default: nowhere. */
  outbox?: OutboxConfig;
}

export function setUp(parts: NodeParts, config: SaveConfig): void {
  const { RED, life, node } = parts;
  const folder = new PictureFolder(folderOptions(RED, node.id, config));
  life.own(() => folder.close());
  const { outbox = {} } = config;
  if ((outbox.keep ?? 'none') === 'none') saveAtOnce(parts, folder);
  else {
    // Only here: who saves at once does not load it.
    const { saveLater } = require('./save-later') as typeof import('./save-later');
    saveLater(parts, folder, outbox);
  }
}

/** A failure is told at once, and the picture is its sender's again. */
function saveAtOnce(parts: NodeParts, folder: PictureFolder): void {
  const { status, view } = parts;
  let count = 0;
  onInput(parts, async (msg, send) => {
    const { data, facts } = pictureFactsOf(msg);
    const { file } = await folder.save(data, facts);
    msg['filename'] = file;
    view.show(msg);
    send(msg);
    count += 1;
    status.text('ok', 'status.saved', { count });
  });
}

function folderOptions(RED: Red, id: string, config: SaveConfig): PictureFolderOptions {
  const { folder = '', make = true, pattern = '', zone, ifExists } = config;
  const { days, count, megabytes, freeMB } = config;
  if (folder.trim() === '') throw new SnapflowError('BAD_INPUT', 'Name the folder for the pictures.');
  const { userDir } = RED.settings;
  const base = typeof userDir === 'string' ? userDir : process.cwd();
  return {
    folder: isAbsolute(folder.trim()) ? folder.trim() : resolve(base, folder.trim()),
    make,
    pattern: pattern.trim(),
    ...(zone && { zone }),
    ...(ifExists && { ifExists }),
    maxAgeMs: limit(days, 86_400_000),
    maxCount: limit(count, 1),
    maxBytes: limit(megabytes, 1_000_000),
    ...(freeMB !== undefined && freeMB !== '' && { minFreeBytes: Number(freeMB) * 1_000_000 }),
    name: id,
  };
}

function limit(value: string | number | undefined, unit: number): number {
  const number = Number(value || 0);
  return number > 0 ? number * unit : Infinity;
}
