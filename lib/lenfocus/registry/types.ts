/** Who may connect: what is known about each camera before it dials in. */

export interface DeviceRecord {
  /** Serial number, 15 characters in the document; compared without regard to case. */
  sn: string;
  /** 8 characters, printed on the device; part of its signature. A secret. */
  securityCode?: string;
  /** RSA public key, PEM or base64 DER; without it the server's common key counts. */
  publicKey?: string;
  /** The id that the platform gave the device; commands can be addressed to it. */
  did?: string;
  /** What the user calls it. */
  name?: string;
  note?: string;
}

/** Where the server looks devices up. The default lives in the process; several servers could share another. */
export interface DeviceRegistry {
  find(sn: string): Promise<DeviceRecord | undefined> | DeviceRecord | undefined;
  findByDid(did: string): Promise<DeviceRecord | undefined> | DeviceRecord | undefined;
  /** Lets a device in from now on. Kept across restarts. */
  admit(record: DeviceRecord): Promise<void>;
  /** Takes an admission back. False when there was none. */
  dismiss(sn: string): Promise<boolean>;
}

/** Keeps admitted devices across restarts. */
export interface DeviceStore {
  /** Whether `save` may be given security codes: only where the user keeps secrets. */
  readonly keepsSecrets: boolean;
  load(): Promise<DeviceRecord[]>;
  save(records: readonly DeviceRecord[]): Promise<void>;
}

/** SNs are typed by people: the same device in any case. */
export function snKey(sn: string): string {
  return sn.trim().toUpperCase();
}
