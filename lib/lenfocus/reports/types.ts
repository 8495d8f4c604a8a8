/** What the server tells of a report, the same for every edition and route. */
import type { Picture } from '../../picture';
import type { DeviceFacts } from '../sessions/session';
import type { Coded } from '../tables/names';

/** What a picture shows: the face, the whole person, the vehicle, its plate, or the whole scene. */
export type PictureRole = 'face' | 'body' | 'vehicle' | 'plate' | 'scene' | 'picture';

export interface ReportPicture extends Picture {
  /** Came before from this device, within the window: sent again, or through another route. */
  duplicate?: true;
}

/** Pixels in the scene picture. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface FaceFacts {
  /** Id of the person in the camera's library; absent for strangers. */
  personId?: string;
  name?: string;
  /** Years, or the age group of comparison machines: as the camera sent it. */
  age?: number;
  gender?: Coded;
  category?: Coded;
  /** Similarity in percent. */
  score?: number;
  workId?: string;
  idCard?: string;
  icCard?: string;
  phone?: string;
  department?: string;
  note?: string;
  /** The face's vector, 512 numbers. */
  feature?: number[];
  box?: Box;
  bodyBox?: Box;
  /** What else the camera sees of the person, by name; see `FACE_ATTRIBUTES`. */
  attributes?: Record<string, Coded>;
}

export interface EventFacts {
  type?: Coded;
  /** What edge boxes add: `Enter`, `Leave`, … */
  event?: string;
  state?: number;
  regionId?: string;
  trackId?: string;
}

export interface VehicleFacts {
  type?: Coded;
  brand?: string;
  maker?: Coded;
  colour?: Coded;
  box?: Box;
  plate?: { number?: string; type?: Coded; colour?: Coded; box?: Box };
}

export interface InfoFacts {
  firmware?: string;
  software?: string;
  system?: string;
  hardware?: string;
  deviceName?: string;
  versionCode?: number;
}

export interface AccessRecord {
  recordId?: string;
  personId?: string;
  /** The document does not know this report; the numbers are as sent. */
  type?: number;
  status?: number;
  /** ISO 8601. */
  takenAt?: string;
  /** °C. */
  temperature?: number;
  score?: number;
}

interface ReportBase {
  /** Unique in this process. */
  id: string;
  /** Path below the base path, as the device called it. */
  route: string;
  device: DeviceFacts;
  /** ISO 8601. */
  receivedAt: string;
  /** ISO 8601, by the device's clock. */
  takenAt?: string;
  /** In the order they came; `info.source.kind` is their role. */
  pictures: ReportPicture[];
  /** Pictures that could not be used, by role, and why. */
  unreadable?: Array<{ role: PictureRole; reason: string }>;
  /** Where the device keeps the pictures, for the operation `readFile`. */
  files?: Partial<Record<PictureRole, string>>;
  /** All fields as the device sent them; in the place of a picture stands `{ picture: index }`. */
  fields: unknown;
}

/** The part of a report that depends on its kind. */
export type ReportFacts =
  | { kind: 'face'; face: FaceFacts }
  | { kind: 'event'; event: EventFacts; face?: FaceFacts }
  | { kind: 'vehicle'; vehicle: VehicleFacts }
  | { kind: 'access'; records: AccessRecord[] }
  | { kind: 'picture' }
  | { kind: 'info'; info: InfoFacts };

export type Report = ReportBase & ReportFacts;
export type ReportKind = Report['kind'];
