/** What the simulated cloud knows: projects and their devices. Read anew at each upload, so a test may change it. */
import type { ReportErrcode } from './errcodes';

/** `image-url` is the one an upload needs: text in the format “picture URL”. */
export type AttributeType = 'image-url' | 'text' | 'number' | 'boolean' | 'object';

export interface CloudDevice {
  accessToken: string;
  /** Shown on the page. Default: the start of the token, and the end of a long one. */
  name?: string;
  /** Default true; false: 1480. */
  enabled?: boolean;
  /** Bound to a device type. Default true; false: 1424. */
  typed?: boolean;
  /** Attributes of its type: identifier → data type. Default: every identifier is a picture URL. */
  attributes?: Record<string, AttributeType>;
  /** Messages a day; one upload is one. Above: 413. Default: any number. */
  dailyMessages?: number;
  /** Its attribute cannot be reported, for this reason; the picture is stored all the same. */
  reportError?: ReportErrcode;
}

export interface CloudProject {
  /** Project-Key. */
  key: string;
  /** Default: every AccessToken is a device. */
  devices?: CloudDevice[];
  /** Alibaba Cloud OSS is set up. Default true; false: 1023. */
  oss?: boolean;
}

/** Characters. */
const LONG_TOKEN = 15;

export function findDevice(project: CloudProject, accessToken: string): CloudDevice | undefined {
  if (!project.devices) return { accessToken };
  return project.devices.find((device) => device.accessToken === accessToken);
}

/** Its name, else as much of its token as does not give it away; of a long one also the end, which tells numbers apart. */
export function deviceLabel({ accessToken, name }: CloudDevice): string {
  const end = accessToken.length >= LONG_TOKEN ? accessToken.slice(-3) : '';
  return name ?? `${accessToken.slice(0, 4)}…${end}`;
}
