/** The assets of an account, and finding the GUID behind the number on a device's label. */
import { SnapflowError } from '../errors';
import type { Account } from './account';
import { asText, type JsonObject } from './envelope';

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

export interface Asset {
  guid: string;
  /** Number on the device's label. */
  number?: string;
  name?: string;
}

/** Assets whose GUID is remembered. */
const MAX_REMEMBERED = 10_000;

export async function listAssets(account: Account, { signal }: CallOptions = {}): Promise<Asset[]> {
  const found = await account.ask({
    endpoint: 'Admin',
    action: 'QueryAdminAssetList',
    content: {},
    repeatable: true,
    signal,
  });
  return found.map(readAsset).filter((asset) => asset !== undefined);
}

/**
 * The GUID of an asset, looked up once.
 * @throws SnapflowError `NOT_FOUND`
 */
export async function findAssetGuid(
  account: Account,
  number: string,
  { signal }: CallOptions = {},
): Promise<string> {
  const known = account.assetGuids.get(number);
  if (known !== undefined) return known;
  const [first] = await account.ask({
    endpoint: 'Admin',
    action: 'QueryAdminAssetByAssetId',
    content: { FAssetID: number },
    repeatable: true,
    signal,
  });
  const guid = first && readAsset(first)?.guid;
  if (guid === undefined) {
    throw new SnapflowError(
      'NOT_FOUND',
      'The AssetsControls account has no asset with the number {{number}}.',
      {
        system: 'assetscontrols',
        values: { number },
      },
    );
  }
  if (account.assetGuids.size >= MAX_REMEMBERED) account.assetGuids.clear();
  account.assetGuids.set(number, guid);
  return guid;
}

function readAsset(wire: JsonObject): Asset | undefined {
  const guid = asText(wire.FGUID);
  const number = asText(wire.FAssetID);
  const name = asText(wire.FVehicleName ?? wire.FAssetName ?? wire.FName);
  if (guid === undefined) return undefined;
  return { guid, ...(number !== undefined && { number }), ...(name !== undefined && { name }) };
}
