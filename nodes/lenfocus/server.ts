/** A `lenfocus-server` config node: its fields, and what the nodes that refer to it see. */
import type { SnapflowError } from '../../lib/errors';
import type { CheckMode, Edition, LenfocusServer } from '../../lib/lenfocus';
import type { NodeConfig, RedNode } from '../shared/red';
import type { Questions } from './questions';

export interface ServerConfig extends NodeConfig {
  /** A port of its own, or Node-RED's server. */
  place?: 'port' | 'node-red';
  host?: string;
  port?: string | number;
  basePath?: string;
  /** Where devices reach it, for download addresses; empty: as they called it. */
  publicUrl?: string;
  trustProxy?: boolean;
  /** Default: plain HTTP. */
  tlsMode?: 'none' | 'files' | 'config';
  /** Paths of PEM files, for `files`: renewed on disk, they are taken over. */
  certFile?: string;
  keyFile?: string;
  /** Id of a tls-config node with key and certificate, for `config`. */
  tls?: string;
  check?: CheckMode;
  /** PEM or base64 DER; public, so no secret. */
  publicKey?: string;
  /** Seconds; 0 for any. */
  clockWindow?: string | number;
  withoutDid?: 'accept' | 'provision';
  deviceSource?: 'table' | 'file' | 'context';
  /** JSON of `DeviceRecord[]` without their secrets; those are the credential `deviceSecrets`. */
  devices?: string;
  /** Path of a CSV or JSON file. */
  deviceFile?: string;
  /** Name of a global context property with an array of devices. */
  deviceContext?: string;
  /** Seconds. */
  tokenLifetime?: string | number;
  /** Seconds. */
  heartbeat?: string | number;
  /** Heartbeat intervals. */
  offlineAfter?: string | number;
  answerBy?: 'server' | 'flow';
  /** Seconds. */
  answerTimeout?: string | number;
  tokenless?: boolean;
  edition?: Edition;
  zone?: string;
  monthBase?: string | number;
  duplicates?: 'keep' | 'mark' | 'drop';
  /** Seconds. */
  duplicateWindow?: string | number;
  /** Names of personal fields, separated by commas. */
  dropPersonal?: string;
  ota?: 'none' | 'table' | 'folder' | 'flow';
  /** JSON of `ReleaseEntry[]`. */
  releases?: string;
  otaFolder?: string;
  /** JSON of the limits that differ from their defaults. */
  limits?: string;
}

export interface ServerNode extends RedNode {
  server: LenfocusServer;
  questions: Questions;
  /** False when update queries are left to a flow. */
  answersQueries: boolean;
  /** Why it does not listen, as long as it does not. */
  problem?: SnapflowError;
}
