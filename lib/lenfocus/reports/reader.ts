/** Makes a `Report` of what a device sent to one of the routes. */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path/posix';
import type { Clock } from '../../clock';
import { makePicture } from '../../picture';
import type { Route } from '../http/routes';
import type { DeviceFacts } from '../sessions/session';
import type { Edition } from '../tables/names';
import { readTime } from '../wire/time';
import { Fields } from '../wire/values';
import { ContentsReader, type Contents, type PersonalField } from './contents';
import { Duplicates } from './duplicates';
import { readAccess, readEvent, readFace, readInfo, readVehicle } from './facts';
import type { Report, ReportFacts, ReportPicture } from './types';

export type ReportRoute = Exclude<Route, 'ota' | 'time'>;

export interface ReportSettings {
  clock: Clock;
  /** Minutes east of UTC of the devices' clocks. */
  zone: number;
  edition: Edition;
  /** Forgotten before anything sees them. */
  dropPersonal: readonly PersonalField[];
  /** What to do with a picture that came before. */
  duplicates: 'keep' | 'mark' | 'drop';
  duplicateWindowMs: number;
  maxRememberedPictures: number;
}

export interface Received {
  route: ReportRoute;
  /** As the device called it. */
  path: string;
  /** The parsed body. */
  value: unknown;
  device: DeviceFacts;
}

export class ReportReader {
  private readonly contents: ContentsReader;
  private readonly duplicates: Duplicates;
  private readonly idPrefix = randomBytes(6).toString('hex');
  private count = 0;

  constructor(private readonly settings: ReportSettings) {
    this.contents = new ContentsReader(settings.dropPersonal);
    this.duplicates = new Duplicates(settings.duplicateWindowMs, settings.maxRememberedPictures);
  }

  /** @returns undefined when all there was came before and duplicates are to be dropped */
  read(received: Received): Report | undefined {
    const { device, path, value } = received;
    const contents = this.contents.read(value);
    const fields = new Fields(contents.fields);
    const facts = this.factsOf(received.route, fields);
    const time = fields.get('time', 'timestamp') ?? fields.fields('data').get('time');
    const takenAt = readTime(time, this.settings.zone)?.toISOString();
    const receivedAt = new Date(this.settings.clock.now()).toISOString();
    // Last, because it remembers them: nothing may fail once they are known.
    const pictures = this.picturesOf(contents, device, facts, takenAt);
    const onlyPictures = facts.kind === 'face' || facts.kind === 'vehicle' || facts.kind === 'picture';
    if (onlyPictures && pictures.length === 0 && contents.pictures.length > 0) return undefined;
    return {
      id: `${this.idPrefix}-${++this.count}`,
      route: path,
      device,
      receivedAt,
      ...(takenAt !== undefined && { takenAt }),
      pictures,
      ...(contents.unreadable.length > 0 && { unreadable: contents.unreadable }),
      ...(Object.keys(contents.files).length > 0 && { files: contents.files }),
      fields: contents.fields,
      ...facts,
    };
  }

  /** The report was not taken: sent again, its pictures are no duplicates. */
  forget(report: Report): void {
    for (const { data } of report.pictures) this.duplicates.forget(report.device.sn, data);
  }

  sweep(now: number): void {
    this.duplicates.sweep(now);
  }

  private factsOf(route: ReportRoute, fields: Fields): ReportFacts {
    const { edition, zone } = this.settings;
    switch (kindOf(route, fields)) {
      case 'face':
        return { kind: 'face', face: readFace(fields, edition) };
      case 'vehicle':
        return { kind: 'vehicle', vehicle: readVehicle(fields) };
      case 'event': {
        const face = readFace(fields, edition);
        const event = readEvent(fields, edition);
        return { kind: 'event', event, ...(Object.keys(face).length > 0 && { face }) };
      }
      case 'access':
        return { kind: 'access', records: readAccess(fields, zone) };
      case 'info':
        return { kind: 'info', info: readInfo(fields) };
      case 'picture':
        return { kind: 'picture' };
    }
  }

  private picturesOf(
    contents: Contents,
    device: DeviceFacts,
    facts: ReportFacts,
    takenAt: string | undefined,
  ): ReportPicture[] {
    const pictures: ReportPicture[] = [];
    const now = this.settings.clock.monotonic();
    for (const { role, data } of contents.pictures) {
      const { duplicates } = this.settings;
      const isRepeated = duplicates !== 'keep' && this.duplicates.isRepeated(device.sn, data, now);
      if (isRepeated && duplicates === 'drop') continue;
      const file = contents.files[role];
      const picture: ReportPicture = makePicture(data, {
        source: { system: 'lenfocus', device: device.sn, kind: role },
        ...(takenAt !== undefined && { takenAt }),
        ...(file !== undefined && { name: basename(file) }),
        meta: facts,
      });
      if (isRepeated) picture.duplicate = true;
      pictures.push(picture);
    }
    return pictures;
  }
}

const VEHICLE_FIELDS = ['plate', 'platecolor', 'cartype', 'carcolor', 'platerect', 'carrect'];
const VEHICLE_DATA = ['plate', 'vehiclepic', 'vehicleloc', 'platedata', 'cardata'];
const FACE_FIELDS = ['facerect', 'facemask', 'faceimg', 'facedata'];

/** The path decides; where boxes call one route for everything, the shape does. */
function kindOf(route: ReportRoute, fields: Fields): ReportRoute {
  if (route !== 'face' && route !== 'vehicle') return route;
  const data = fields.fields('data');
  const isVehicle = fields.has(...VEHICLE_FIELDS) || data.has(...VEHICLE_DATA);
  const isFace = fields.has(...FACE_FIELDS) || data.has('facedata');
  if (isVehicle) return 'vehicle';
  return isFace ? 'face' : route;
}
