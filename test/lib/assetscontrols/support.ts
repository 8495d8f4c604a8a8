/** What the tests of AssetsControls share. */
import { Account, type AccountOptions } from '../../../lib/assetscontrols';

export function accountAt(url: string, options: Partial<AccountOptions> = {}): Account {
  return new Account({
    baseUrl: url,
    token: 'test-token',
    ...options,
  });
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
