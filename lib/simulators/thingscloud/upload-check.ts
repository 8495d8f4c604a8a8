/**
 * Everything the upload service checks before it stores a picture. The document does not tell the order: cheap
 * checks of the request come first, then what needs the project.
 */
import { sniffFormat, type PictureFormat } from '../../picture';
import type { Exchange } from '../exchange';
import type { Errcode } from './errcodes';
import { findDevice, type CloudDevice, type CloudProject } from './project';

export interface Upload {
  device: CloudDevice;
  identifier: string;
  format: PictureFormat;
}

export interface UploadRules {
  projects: CloudProject[];
  regions: string[];
  maxPictureBytes: number;
  /** Takes one request into account; the errcode when it came too soon. */
  pace: (accessToken: string, projectKey: string) => Errcode | undefined;
}

export interface UploadPath {
  accessToken: string;
  identifier: string;
}

/** `/device/v1/<AccessToken>/<identifier>/image`; undefined for any other path. */
export function uploadPath(path: string): UploadPath | undefined {
  const [, accessToken, identifier] = /^\/device\/v1\/([^/]+)\/([^/]+)\/image$/.exec(path) ?? [];
  if (accessToken === undefined || identifier === undefined) return undefined;
  try {
    return { accessToken: decodeURIComponent(accessToken), identifier: decodeURIComponent(identifier) };
  } catch {
    return undefined;
  }
}

export function checkUpload(
  exchange: Exchange,
  { accessToken, identifier }: UploadPath,
  rules: UploadRules,
): Upload | Errcode {
  const { headers, body } = exchange;
  const region = headers['region'];
  const key = headers['project-key'];
  if (headers['content-type'] !== 'application/octet-stream') return 4006;
  if (typeof region !== 'string' || region === '') return 4001;
  if (typeof key !== 'string' || key === '') return 4002;
  if (!rules.regions.includes(region)) return 4008;
  const tooSoon = rules.pace(accessToken, key);
  if (tooSoon !== undefined) return tooSoon;
  if (body.length > rules.maxPictureBytes) return 4005;
  if (body.length === 0 || isText(body)) return 4003;
  const format = sniffFormat(body);
  if (!format) return 4004;

  const project = rules.projects.find((one) => one.key === key);
  if (!project) return 1022;
  const device = findDevice(project, accessToken);
  if (!device || device.enabled === false) return 1480;
  if (device.typed === false) return 1424;
  const { attributes = { [identifier]: 'image-url' } } = device;
  if (!Object.hasOwn(attributes, identifier)) return 1470;
  if (attributes[identifier] !== 'image-url') return 1471;
  if (project.oss === false) return 1023;
  return { device, identifier, format };
}

/** A form, JSON or base64 in place of the picture's bytes. */
function isText(body: Buffer): boolean {
  return /^[\x20-\x7e\s]+$/.test(body.toString('latin1', 0, 64));
}
