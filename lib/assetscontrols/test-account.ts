/** What the *Test* button of an account does. */
import type { Account } from './account';
import { listAssets, type CallOptions } from './assets';

/**
 * Logs in if need be and lists the assets, which needs the token but changes nothing.
 * @returns how many assets the account has
 * @throws SnapflowError that says what is wrong with address, user or token
 */
export async function testAccount(account: Account, options?: CallOptions): Promise<{ assets: number }> {
  const assets = await listAssets(account, options);
  return { assets: assets.length };
}
