/** §1.7 videos of a month, §1.8 list of videos, §1.10 and §1.11 lists of captures, and reading a file. */
import { integerField, required, textField, timeField, type FieldSpec } from '../fields';
import type { Operation } from './types';

/** @param firstPage as in the document's example of the operation */
export function pageFields(firstPage: 0 | 1, maxPageSize: number): FieldSpec[] {
  return [
    required(
      integerField('page', 'page_num', 'Page', '页码', { min: 0, max: 1_000_000, default: firstPage }),
    ),
    required(
      integerField('pageSize', 'page_size', 'Entries a page', '每页条数', {
        min: 1,
        max: maxPageSize,
        default: maxPageSize,
      }),
    ),
  ];
}

const PERIOD = [
  required(timeField('start', 'start_time', 'From', '起始时间')),
  required(timeField('end', 'end_time', 'To', '结束时间')),
];

export const videosPerMonth: Operation = {
  section: '1.7',
  label: { en: 'Videos per day of a month', zh: '按月查询每天的视频数量' },
  uri: '/storage/record_by_month',
  fields: [
    required(integerField('year', 'year', 'Year', '年份', { min: 1970, max: 9999 })),
    required(integerField('month', 'month', 'Month', '月份', { min: 1, max: 12 })),
  ],
};

export const videoList: Operation = {
  section: '1.8',
  label: { en: 'List videos', zh: '查询视频文件' },
  uri: '/storage/get_record_list',
  fields: [...PERIOD, ...pageFields(0, 500)],
  list: { firstPage: 0, maxPageSize: 500 },
};

export const faceCaptures: Operation = {
  section: '1.10',
  label: { en: 'List face captures', zh: '查询抓拍图像' },
  uri: '/ivp/face/get_cap_history',
  fields: [
    ...PERIOD,
    ...pageFields(1, 32),
    textField('name', 'name', 'Name', '姓名'),
    textField('workId', 'workId', 'Work number', '工号'),
    textField('idCard', 'idCard', 'ID card number', '身份证号'),
    textField('phone', 'phone', 'Phone', '手机号'),
  ],
  list: { firstPage: 1, maxPageSize: 32 },
};

export const pedestrianCaptures: Operation = {
  section: '1.11',
  label: { en: 'List pedestrian captures', zh: '查询行人抓拍图像' },
  uri: '/person/get_cap_history',
  fields: [...PERIOD, ...pageFields(0, 32)],
  list: { firstPage: 0, maxPageSize: 32 },
};

export const readFile: Operation = {
  section: 'later',
  label: { en: 'Read a file', zh: '读取文件' },
  uri: '/storage/get_file_by_path',
  fields: [required(textField('path', 'path', 'Path', '路径', { maxLength: 1024 }))],
};
