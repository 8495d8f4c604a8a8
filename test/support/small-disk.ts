/** A disk that is soon full: a real one where the machine lets us mount it, else one whose writes fail as there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskFiles } from '../../lib/delivery/outbox/files';

export interface SmallDisk {
  folder: string;
  remove(): void;
}

export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-small-disk-'));
  const end = isMounted(folder, megabytes)
    ? () => void execFileSync('umount', [folder])
    : limitWrites(folder, megabytes * 1_048_576);
  return {
    folder,
    remove() {
      end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isMounted(folder: string, megabytes: number): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Returns how to lift the limit. */
function limitWrites(folder: string, maxBytes: number): () => void {
  const write = diskFiles.write.bind(diskFiles);
  diskFiles.write = async (path, parts) => {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (path.startsWith(folder) && bytesIn(folder) + bytes > maxBytes) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    await write(path, parts);
  };
  return () => {
    diskFiles.write = write;
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
}
