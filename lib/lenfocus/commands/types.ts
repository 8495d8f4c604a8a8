/** Parameters and results of every operation, in our names. Times go in as ISO 8601, `Date` or device time. */
import type { Picture } from '../../picture';
import type { DeviceFacts } from '../sessions/session';
import type { Coded } from '../tables/names';
import type { OperationName } from './operations';

export type Time = string | number | Date;
/** The bytes of a JPEG, or their base64. */
export type PhotoInput = Buffer | string;

export interface FaceParameters {
  enable: boolean;
  showFace: boolean;
  showHuman: boolean;
  pushStranger: boolean;
  pushFace: boolean;
  pushScene: boolean;
  playAudio: boolean;
  playAudioStranger?: boolean;
  playAudioWhite?: boolean;
  playAudioBlack?: boolean;
  playAudioVip?: boolean;
  playAudioFriend?: boolean;
  /** 0–100. */
  threshold: number;
  /** 0–100. */
  recognitionThreshold: number;
  /** 30–500. */
  minFace: number;
  /** 60–1000. */
  minHuman: number;
  /** 0–100. */
  faceQuality: number;
  /** 0–100. */
  humanQuality: number;
  serverEnable?: boolean;
  /** `interval` 10–60 s. */
  alarm: { interval: number; push: boolean };
}

export interface RecordingParameters {
  normal: boolean;
  onDisconnect: boolean;
  onAlarm: boolean;
  audio: boolean;
  /** 1–60. */
  fileMinutes: number;
  /** 0 overwrites the oldest, 1 stops. */
  whenFull: 0 | 1;
  faceServer?: boolean;
  /** `seconds` 0–10. */
  preRecord: { enable: boolean; seconds: number };
}

export interface Period {
  start: Time;
  end: Time;
}

export interface Page {
  /** As the operation counts: from 0 or from 1, see `OPERATIONS`. */
  page?: number;
  pageSize?: number;
}

export interface PersonFilter {
  name?: string;
  workId?: string;
  idCard?: string;
  phone?: string;
}

export interface PersonInput {
  personId: string;
  name: string;
  workId?: string;
  idCard?: string;
  icCard?: string;
  /** 1 male, 2 female. */
  gender: number;
  age: number;
  department?: string;
  photo: PhotoInput;
  /** 1 whitelist, 2 blacklist, 3 VIP, 4 visitor. */
  category: number;
}

export interface CommandParams {
  setFaceParameters: FaceParameters;
  setRecording: RecordingParameters;
  /** `month` 1–12. */
  videosPerMonth: { year: number; month: number };
  videoList: Period & Page;
  reboot: { delayMs?: number };
  faceCaptures: Period & Page & PersonFilter;
  pedestrianCaptures: Period & Page;
  addPerson: PersonInput;
  listPersons: Page & PersonFilter & { category?: number };
  queryPerson: { personId: string };
  deletePerson: { personId: string };
  searchByPicture: Period & { photo: PhotoInput; threshold?: number };
  readFile: { path: string };
  updatePerson: Partial<PersonInput> & { personId: string };
  clearPersons: Record<string, never>;
  updateFirmware: { type?: 1 };
  custom: { uri: string; param?: unknown };
}

/** An operation that only says yes. */
export interface Done {
  done: true;
}

export interface List<T> {
  /** What the device says it has. */
  total: number;
  items: T[];
  /** False when there are more than these. */
  complete: boolean;
}

export interface DayOfVideos {
  /** 1–31. */
  day: number;
  /** `yyyy-MM-dd`. */
  date: string;
  count: number;
}

export interface Video {
  path: string;
  /** ISO 8601. */
  startedAt?: string;
  endedAt?: string;
  /** What made it, by the later edition: `alarm` or `normal`. */
  cause?: string;
}

/** Paths on the device, for `readFile`. */
export interface CaptureFiles {
  face?: string;
  body?: string;
  scene?: string;
}

export interface Capture {
  /** ISO 8601. */
  takenAt?: string;
  files: CaptureFiles;
  name?: string;
  /** Percent. */
  similarity?: number;
  gender?: Coded;
  age?: number;
}

export interface Person {
  personId: string;
  name?: string;
  workId?: string;
  idCard?: string;
  icCard?: string;
  phone?: string;
  department?: string;
  gender?: Coded;
  age?: number;
  category?: Coded;
  /** Path on the device, for `readFile`. */
  photoPath?: string;
}

export interface DeviceFile {
  path: string;
  data: Buffer;
  /** There when the file is a picture. */
  picture?: Picture;
}

export interface CommandResults {
  setFaceParameters: Done;
  setRecording: Done;
  videosPerMonth: { year: number; month: number; total: number; days: DayOfVideos[] };
  videoList: List<Video>;
  reboot: Done;
  faceCaptures: List<Capture>;
  pedestrianCaptures: List<Capture>;
  addPerson: Done;
  listPersons: List<Person>;
  queryPerson: Person;
  deletePerson: Done;
  searchByPicture: List<Capture>;
  readFile: DeviceFile;
  updatePerson: Done;
  clearPersons: Done;
  updateFirmware: Done;
  /** As the device sent it. */
  custom: unknown;
}

export interface CommandOptions {
  signal?: AbortSignal;
  /** Milliseconds from sending to the answer; for a whole list, of each page. Default 10 000. */
  timeoutMs?: number;
  /** Milliseconds that the command waits for an offline device to connect. Default 0: an error at once. */
  waitMs?: number;
  /** Fetch a paged list whole, up to `maxListItems`. */
  whole?: boolean;
  /** Send it to this uri instead, for firmware that has another. */
  uri?: string;
}

export interface CommandReply<K extends OperationName = OperationName> {
  operation: K;
  device: DeviceFacts;
  result: CommandResults[K];
  /** What the device said: 0 or 200, and its text. */
  code: number;
  message?: string;
  /** Milliseconds from the first sending to the last answer. */
  tookMs: number;
}
