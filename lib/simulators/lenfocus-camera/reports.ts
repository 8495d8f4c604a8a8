/**
 * The bodies a camera sends (chapter 二), as the document writes them, or as cameras in the field were seen to:
 * did empty, sn always there, bare base64 with `\u003d`, seconds for the time of events, pid for the person.
 */
import type { Params } from './pages';

export type ReportStyle = 'document' | 'field';

export interface ReportOrigin {
  sn: string;
  did: string;
  style: ReportStyle;
}

export interface FacePictures {
  face: Buffer;
  body?: Buffer;
  scene: Buffer;
  /** Stamp of the files on the device. */
  stamp: string;
}

export interface PersonSeen {
  personId?: string;
  name?: string;
  /** 1 male, 2 female. */
  gender?: number;
  age?: number;
}

export interface VehicleSeen {
  plate?: string;
  /** Of the tables of §2.5. */
  plateType?: number;
  type?: number;
  brand?: string;
}

export interface HttpReport {
  method: 'POST' | 'PUT';
  path: string;
  body: string;
}

const post = (path: string, body: Params): HttpReport => ({ method: 'POST', path, body: written(body) });

/** As the firmware's JSON library writes it. */
function written(body: Params): string {
  return JSON.stringify(body).replaceAll('=', '\\u003d');
}

function image(jpeg: Buffer, { style }: ReportOrigin): string {
  return `${style === 'document' ? 'data:image/jpeg;base64,' : ''}${jpeg.toString('base64')}`;
}

function ids({ did, sn, style }: ReportOrigin): Params {
  return style === 'document' ? { did } : { did, sn };
}

function pictures({ face, body, scene, stamp }: FacePictures, origin: ReportOrigin): Params {
  return {
    face_data: image(face, origin),
    ...(body && { body_data: image(body, origin) }),
    bg_data: image(scene, origin),
    jpeg_url_face: `${stamp}.jpg`,
    ...(body && { jpeg_url_body: `${stamp}_body.jpg` }),
    jpeg_url_frame: `${stamp}_bg.jpg`,
  };
}

export function faceReport(
  origin: ReportOrigin,
  seen: PersonSeen,
  files: FacePictures,
  at: number,
): HttpReport {
  const { personId = '', name = '', gender = 0, age = 0 } = seen;
  const person =
    origin.style === 'document'
      ? { uuid: personId, name, age, gender }
      : {
          type: 11,
          pid: personId,
          name,
          age,
          gender,
          id_card: '',
          work_id: '',
          phone: '',
          department: '',
          otherInfo: '',
          category: personId === '' ? 0 : 1,
          score: personId === '' ? 0 : 86,
          feature: [-0.005728, 0, 2215003553792],
        };
  return post('/api/v1/adapter/lenfocus/face/capture', {
    ...ids(origin),
    time: Math.floor(at / 1000),
    ...person,
    data: pictures(files, origin),
  });
}

export function alarmReport(origin: ReportOrigin, type: number, files: FacePictures, at: number): HttpReport {
  return post('/api/v1/device/report/event', {
    ...ids(origin),
    type,
    time: origin.style === 'document' ? at : Math.floor(at / 1000),
    data: pictures(files, origin),
  });
}

export function vehicleReport(
  origin: ReportOrigin,
  { plate = '粤B54896', plateType = 1, type = 1, brand = '保时捷' }: VehicleSeen,
  files: { scene: Buffer; vehicle: Buffer; plate: Buffer },
  at: number,
): HttpReport {
  return post('/api/v1/vehicle/capture', {
    did: origin.did,
    sn: origin.sn,
    time: String(at),
    data: {
      full_image: image(files.scene, origin),
      vehicle_loc: { x: 1, y: 2, w: 3, h: 4 },
      vehicle_pic: image(files.vehicle, origin),
      type: String(type),
      brand,
      plate: {
        id: plate,
        plate_loc: { x: 2, y: 3, w: 4, h: 50 },
        plate_pic: image(files.plate, origin),
        plate_type: plateType,
      },
    },
  });
}

export function infoReport({ did, sn }: ReportOrigin): HttpReport {
  const versions = { fwVer: 'V1.0', swVer: 'V1.0', osVer: 'V1.0', hwVer: 'V1.0' };
  return post('/api/v1/device/report/info', { did, sn, ...versions, devName: 'NFY-01' });
}

export function otaQuery({ did, sn }: ReportOrigin, otaId: string): HttpReport {
  const versions = { fwVer: '1.2', swVer: '1.3', osVer: '1.4', hwVer: '1.5' };
  return post('/api/v1/ota/query', { otaId, sn, did, ...versions });
}

/** In no edition, but seen: the id of a stranger is 2^63, beyond what a JSON number holds elsewhere. */
export function accessRecord({ sn }: ReportOrigin, accessTime: string): HttpReport {
  const pid = '9223372036854775808';
  const row = `{"rid":1,"did":0,"pid":${pid},"type":1,"status":1,"accessTime":"${accessTime}","faceImg":null,"temperature":36,"score":86}`;
  return { method: 'PUT', path: '/api/v1/access/record', body: `{"sn":"${sn}","data":[${row}]}` };
}

/** In no edition, but seen: a data URI and nothing else. */
export function barePicture(jpeg: Buffer): HttpReport {
  const body = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  return { method: 'POST', path: '/api/v1/access/upload/base64img', body };
}
