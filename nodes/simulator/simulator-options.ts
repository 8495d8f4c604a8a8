/** From the fields of a `snapflow-simulator` node to the options of the simulator it plays. */
import type { SimulatorName, SimulatorOptions } from '../../lib/simulators';
import type { NodeConfig } from '../shared/red';

export interface SimulatorConfig extends NodeConfig {
  kind?: SimulatorName;
  /** 0: any free one. */
  port?: string | number;
  https?: boolean;
  /** Milliseconds before each answer. */
  latency?: string | number;
  /** Fault that is on from the start; '' for none. */
  fault?: string;
  /** Camera: what it asks for. Not a secret: it is no real device. */
  cameraUser?: string;
  cameraPassword?: string;
  /** Camera: names of its channels, separated by commas. */
  channels?: string;
  /** Camera: pictures in one reply. */
  pictures?: string | number;
  /** Camera: bytes that a picture has at least; empty for as large as it comes. */
  pictureBytes?: string | number;
  /** OneNET: seconds between pictures that its cameras store by themselves; 0 for none. */
  pictureEvery?: string | number;
  /** ThingsCloud: what it asks for. Not a secret either. */
  projectKey?: string;
  region?: string;
  /** ThingsCloud: seconds between two uploads of one device. */
  pace?: string | number;
  maxPictureBytes?: string | number;
  /** Lenfocus cameras: address of the server that they dial in to, with its path. */
  server?: string;
  cameras?: string | number;
  /** Start of their serial numbers. */
  snPrefix?: string;
  /** Not a secret: it is no real device. */
  securityCode?: string;
  /** RSA private key (PEM) to sign with; empty: one made at each start of Node-RED. No secret either. */
  signingKey?: string;
  /** Seconds between the reports of each; 0: none. */
  reportEvery?: string | number;
}

/** The options of each kind, by its name. */
export const OPTIONS_OF: {
  readonly [Name in SimulatorName]: (config: SimulatorConfig) => SimulatorOptions[Name];
} = {
  'huawei-camera': (config) => ({
    ...serverOptions(config),
    ...(config.name && { name: config.name }),
    auth: loginIn(config),
    ...(config.channels && { channels: namesIn(config.channels).map((name) => ({ name })) }),
    pictures: numberOr(config.pictures, 1),
    ...pictureBytesIn(config),
  }),
  thingscloud: (config) => ({
    ...serverOptions(config),
    ...(config.projectKey && { projects: [{ key: config.projectKey }] }),
    ...(config.region && { regions: [config.region] }),
    paceMs: numberOr(config.pace, 10) * 1000,
    maxPictureBytes: numberOr(config.maxPictureBytes, 500_000),
  }),
  // Its cameras store pictures by themselves, so that a flow which watches for new ones has something to see.
  onenet: (config) => ({
    ...serverOptions(config),
    pictureEveryMs: numberOr(config.pictureEvery, 20) * 1000,
  }),
  assetscontrols: serverOptions,
  'lenfocus-camera': (config) => ({
    server: config.server || 'http://127.0.0.1:8090',
    count: numberOr(config.cameras, 1),
    ...(config.snPrefix && { snPrefix: config.snPrefix }),
    ...(config.securityCode && { securityCode: config.securityCode }),
    ...(config.signingKey && { privateKey: config.signingKey }),
    reportEveryMs: numberOr(config.reportEvery, 0) * 1000,
  }),
  'snapshot-camera': (config) => ({
    ...serverOptions(config),
    ...(config.name && { name: config.name }),
    auth: loginIn(config),
    pictures: numberOr(config.pictures, 1),
    ...pictureBytesIn(config),
  }),
  'pushing-camera': (config) => ({
    server: config.server || 'http://127.0.0.1:8091',
    count: numberOr(config.cameras, 1),
    ...(config.snPrefix && { namePrefix: config.snPrefix }),
    ...loginIn(config),
    everyMs: numberOr(config.reportEvery, 0) * 1000,
    ...pictureBytesIn(config),
  }),
  'http-store': (config) => ({
    ...serverOptions(config),
    ...(config.cameraUser && { auth: loginIn(config) }),
    maxBytes: numberOr(config.maxPictureBytes, 500_000),
  }),
};

function serverOptions({ port, https, latency }: SimulatorConfig) {
  return { port: numberOr(port, 0), tls: https === true, latencyMs: numberOr(latency, 0) };
}

function loginIn({ cameraUser, cameraPassword }: SimulatorConfig) {
  return { ...(cameraUser && { username: cameraUser }), ...(cameraPassword && { password: cameraPassword }) };
}

function pictureBytesIn({ pictureBytes }: SimulatorConfig) {
  const bytes = numberOr(pictureBytes, 0);
  return bytes > 0 ? { pictureBytes: bytes } : {};
}

function namesIn(list: string): string[] {
  return list
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Dialogs keep numbers as text. */
function numberOr(value: string | number | undefined, usual: number): number {
  return value === undefined || value === '' ? usual : Number(value);
}
