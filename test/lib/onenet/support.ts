/** What the tests of OneNET share. */
import { Account, type AccountOptions } from '../../../lib/onenet';
import type { Recorded } from '../../support/recording-server';

export function accountAt(url: string, options: Partial<AccountOptions> = {}): Account {
  return new Account({
    baseUrl: url,
    apiKey: 'test-key',
    ...options,
  });
}

/** The path of a request, and its query as name → value. */
export function parts({ target }: Recorded): { path: string; query: Record<string, string> } {
  const { pathname, searchParams } = new URL(target, 'http://host');
  return { path: pathname, query: Object.fromEntries(searchParams) };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The smallest JPEG and PNG that say their size: enough where only bytes are moved. */
export const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080168028001011100ffda0008010100003f00d2cf20ffd9',
  'hex',
);
export const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from('0000028000000168', 'hex'),
  Buffer.alloc(24),
]);
