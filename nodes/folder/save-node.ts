/** What a `snapflow-save` does. */
import { isAbsolute, resolve } from 'node:path';
import { SnapflowError } from '../../lib/errors';
import { PictureFolder, type PictureFolderOptions } from '../../lib/folder';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { pictureFactsOf } from '../shared/picture-facts';
import type { NodeConfig, Red } from '../shared/red';

export interface SaveConfig extends NodeConfig {
  /** Absolute, or below Node-RED's user directory. */
  folder?: string;
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
}

export function setUp(parts: NodeParts, config: SaveConfig): void {
  const { RED, life, node, status, view } = parts;
  const folder = new PictureFolder(folderOptions(RED, node.id, config));
  life.own(() => folder.close());
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
  const { folder = '', pattern = '', zone, ifExists, days, count, megabytes, freeMB } = config;
  if (folder.trim() === '') throw new SnapflowError('BAD_INPUT', 'Name the folder for the pictures.');
  const { userDir } = RED.settings;
  const base = typeof userDir === 'string' ? userDir : process.cwd();
  return {
    folder: isAbsolute(folder.trim()) ? folder.trim() : resolve(base, folder.trim()),
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
