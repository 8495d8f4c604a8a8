/** The package as it ships: `built<typeof import('../../lib/http')>('http')` is `dist/lib/http`. */
import { join } from 'node:path';

export function built<T>(module: string): T {
  return require(join(__dirname, '../../dist/lib', module)) as T;
}
