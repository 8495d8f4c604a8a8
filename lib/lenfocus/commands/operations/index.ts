/** Every operation a server can ask of a device, by the name that users and flows use. */
import { required, textField } from '../fields';
import {
  addPerson,
  clearPersons,
  deletePerson,
  listPersons,
  queryPerson,
  searchByPicture,
  updatePerson,
} from './persons';
import { reboot, setFaceParameters, setRecording, updateFirmware } from './settings';
import { faceCaptures, pedestrianCaptures, readFile, videoList, videosPerMonth } from './storage';
import type { Operation } from './types';

/** Any uri with free JSON, for what is not described here. */
const custom: Operation = {
  section: '',
  label: { en: 'Any uri', zh: '自定义 uri' },
  uri: '',
  fields: [
    required(textField('uri', 'uri', 'uri', 'uri', { maxLength: 256 })),
    {
      name: 'param',
      wire: 'param',
      label: { en: 'Parameters', zh: '参数' },
      required: false,
      type: 'json',
      default: {},
    },
  ],
};

export const OPERATIONS = {
  setFaceParameters,
  setRecording,
  videosPerMonth,
  videoList,
  reboot,
  faceCaptures,
  pedestrianCaptures,
  addPerson,
  listPersons,
  queryPerson,
  deletePerson,
  searchByPicture,
  readFile,
  updatePerson,
  clearPersons,
  updateFirmware,
  custom,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

export type { Operation } from './types';
