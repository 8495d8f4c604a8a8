/** Face parameters (§1.5) and recording (§1.6), kept as they were set, within the ranges of the document. */
import { BAD_PARAMETER, type Answer, type Params } from './pages';

const SET: Answer = { code: 200, msg: 'OK' };

const FACE_FLAGS = [
  'enable',
  'show_face',
  'show_human',
  'push_stranger',
  'push_face',
  'push_bg',
  'play_audio',
];
const FACE_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  threshold: [0, 100],
  reg_threshold: [0, 100],
  mini_face: [30, 500],
  mini_human: [60, 1000],
  quality_face: [0, 100],
  quality_human: [0, 100],
};
const RECORD_FLAGS = ['normal_record', 'disconnect_record', 'alarm_record', 'audio_enable'];

export class DeviceSettings {
  face: Params = {};
  recording: Params = {};

  setFace(param: Params): Answer {
    const alarm = objectOf(param.alarm_out);
    const isGood =
      FACE_FLAGS.every((name) => isFlag(param[name])) &&
      Object.entries(FACE_RANGES).every(([name, [min, max]]) => isWithin(param[name], min, max)) &&
      isWithin(alarm.interval, 10, 60) &&
      isFlag(alarm.alarm_push);
    if (!isGood) return BAD_PARAMETER;
    this.face = param;
    return SET;
  }

  setRecording(param: Params): Answer {
    const before = objectOf(param.pre_record);
    const isGood =
      RECORD_FLAGS.every((name) => isFlag(param[name])) &&
      isWithin(param.file_len, 1, 60) &&
      isWithin(param.strategy, 0, 1) &&
      isFlag(before.enable) &&
      isWithin(before.duration, 0, 10);
    if (!isGood) return BAD_PARAMETER;
    this.recording = param;
    return SET;
  }
}

function objectOf(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}

/** “布尔 1打开 0关闭”: the document's examples have both. */
function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || value === 0 || value === 1;
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}
