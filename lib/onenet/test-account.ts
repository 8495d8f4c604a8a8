/** What the *Test* button of an account does. */
import type { Account } from './account';
import type { CallOptions } from './operation';
import { searchDevices } from './devices';

/**
 * Asks for one device, which needs the key but changes nothing.
 * @returns the device, if the account has any
 * @throws SnapflowError that says what is wrong with address or key
 */
export async function testAccount(
  account: Account,
  options?: CallOptions,
): Promise<{ device?: { deviceId: string; title?: string } }> {
  for await (const { deviceId, title } of searchDevices(account, { page: 1, pageSize: 1 }, options)) {
    return { device: { deviceId, ...(title !== undefined && { title }) } };
  }
  return {};
}
