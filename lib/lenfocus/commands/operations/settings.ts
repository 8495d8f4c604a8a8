/** §1.5 face parameters, §1.6 recording, §1.9 reboot, and the update of the later edition. */
import { tableOf } from '../../tables/names';
import { booleanField, choiceField, groupField, integerField, required, type BooleanField } from '../fields';
import type { Operation } from './types';

const percent = { min: 0, max: 100, unit: '%' } as const;

function numericFlag(name: string, wire: string, en: string, zh: string, suggested: boolean): BooleanField {
  return booleanField(name, wire, en, zh, { as: 'number', suggested });
}

export const setFaceParameters: Operation = {
  section: '1.5',
  label: { en: 'Set face parameters', zh: '设置人脸参数' },
  uri: '/ivp/facecap_param_set',
  // The document's example has this one, its table and its answer the other.
  otherUris: ['/ivp/person_param_set'],
  fields: [
    required(booleanField('enable', 'enable', 'Enabled', '启用', { suggested: true })),
    required(booleanField('showFace', 'show_face', 'Show face frames', '显示人脸框', { suggested: true })),
    required(booleanField('showHuman', 'show_human', 'Show body frames', '显示人形框', { suggested: true })),
    required(
      booleanField('pushStranger', 'push_stranger', 'Push strangers', '推送陌生人', { suggested: true }),
    ),
    required(booleanField('pushFace', 'push_face', 'Push face pictures', '推送人脸图', { suggested: true })),
    required(booleanField('pushScene', 'push_bg', 'Push scene pictures', '推送背景图', { suggested: true })),
    required(booleanField('playAudio', 'play_audio', 'Play audio', '语音播报', { suggested: false })),
    booleanField('playAudioStranger', 'play_audio_stranger', 'Audio for strangers', '陌生人语音播报'),
    booleanField('playAudioWhite', 'play_audio_white', 'Audio for the whitelist', '白名单语音播报'),
    booleanField('playAudioBlack', 'play_audio_black', 'Audio for the blacklist', '黑名单语音播报'),
    booleanField('playAudioVip', 'play_audio_vip', 'Audio for VIPs', 'VIP语音播报'),
    booleanField('playAudioFriend', 'play_audio_friend', 'Audio for visitors', '访客语音播报'),
    required(
      integerField('threshold', 'threshold', 'Detection threshold', '检测阈值', {
        ...percent,
        suggested: 40,
      }),
    ),
    required(
      integerField('recognitionThreshold', 'reg_threshold', 'Recognition threshold', '识别阈值', {
        ...percent,
        suggested: 85,
      }),
    ),
    required(
      integerField('minFace', 'mini_face', 'Smallest face', '人脸大小', {
        min: 30,
        max: 500,
        unit: 'px',
        suggested: 40,
      }),
    ),
    required(
      integerField('minHuman', 'mini_human', 'Smallest body', '人体大小', {
        min: 60,
        max: 1000,
        unit: 'px',
        suggested: 60,
      }),
    ),
    required(
      integerField('faceQuality', 'quality_face', 'Face quality', '人脸质量', { ...percent, suggested: 60 }),
    ),
    required(
      integerField('humanQuality', 'quality_human', 'Body quality', '人体质量', {
        ...percent,
        suggested: 50,
      }),
    ),
    booleanField('serverEnable', 'server_enable', 'Use the face server', '使能人脸服务器', {
      suggested: true,
    }),
    required(
      groupField('alarm', 'alarm_out', 'Face alarm', '人脸报警', [
        required(
          integerField('interval', 'interval', 'Interval', '报警间隔', {
            min: 10,
            max: 60,
            unit: 's',
            suggested: 10,
          }),
        ),
        required(booleanField('push', 'alarm_push', 'Push to the server', '服务器推送', { suggested: true })),
      ]),
    ),
  ],
};

export const setRecording: Operation = {
  section: '1.6',
  label: { en: 'Set recording', zh: '设置录像' },
  uri: '/storage/record_set',
  fields: [
    required(numericFlag('normal', 'normal_record', 'Normal recording', '手动录像', true)),
    required(numericFlag('onDisconnect', 'disconnect_record', 'Record when offline', '断网录像', true)),
    required(numericFlag('onAlarm', 'alarm_record', 'Record on alarm', '报警录像', true)),
    required(numericFlag('audio', 'audio_enable', 'Record audio', '录制音频', true)),
    required(
      integerField('fileMinutes', 'file_len', 'Length of a file', '录像时长', {
        min: 1,
        max: 60,
        unit: 'min',
        suggested: 5,
      }),
    ),
    required(
      choiceField(
        'whenFull',
        'strategy',
        'When the card is full',
        '录满策略',
        tableOf([
          [0, 'Overwrite the oldest', '循环覆盖'],
          [1, 'Stop', '录满停止'],
        ]),
        { suggested: 0 },
      ),
    ),
    numericFlag('faceServer', 'face_server_enable', 'Use the face server', '使能人脸服务器', true),
    required(
      groupField('preRecord', 'pre_record', 'Recording before the event', '预录', [
        required(numericFlag('enable', 'enable', 'Enabled', '启用', true)),
        required(
          integerField('seconds', 'duration', 'Length', '时长', {
            min: 0,
            max: 10,
            unit: 's',
            suggested: 10,
          }),
        ),
      ]),
    ),
  ],
};

export const reboot: Operation = {
  section: '1.9',
  label: { en: 'Reboot', zh: '重启设备' },
  uri: '/system/maintain/reboot',
  fields: [
    required(
      integerField('delayMs', 'delay_ms', 'Delay', '重启延时', {
        min: 0,
        max: 3_600_000,
        unit: 'ms',
        default: 1000,
      }),
    ),
  ],
};

export const updateFirmware: Operation = {
  section: 'later',
  label: { en: 'Start an update', zh: '触发在线升级' },
  uri: '/system/maintain/update_ota',
  fields: [
    required(
      choiceField('type', 'type', 'What to update', '更新类型', tableOf([[1, 'Firmware', '固件']]), {
        default: 1,
      }),
    ),
  ],
};
