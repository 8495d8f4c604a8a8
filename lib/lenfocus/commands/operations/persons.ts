/** §1.12–1.16: the face library of a device. */
import { CATEGORIES, GENDERS } from '../../tables/people';
import {
  choiceField,
  integerField,
  pictureField,
  required,
  textField,
  timeField,
  type FieldSpec,
} from '../fields';
import { pageFields } from './storage';
import type { Operation } from './types';

/** An integer up to 2^64 as text, by the document; 32 digits have been seen, so any text is taken. */
const PERSON_ID = required(textField('personId', 'pid', 'Person ID', '人员ID', { maxLength: 64 }));
const PHOTO = required(pictureField('photo', 'photo', 'Photo', '人脸照片'));

const FACTS: readonly FieldSpec[] = [
  textField('name', 'name', 'Name', '姓名'),
  textField('workId', 'work_id', 'Work number', '工号'),
  textField('idCard', 'id_card_no', 'ID card number', '身份证号'),
  textField('icCard', 'ic_card_no', 'IC card number', 'IC卡号'),
  choiceField('gender', 'gender', 'Gender', '性别', GENDERS.document),
  integerField('age', 'age', 'Age', '年龄', { min: 0, max: 150 }),
  textField('department', 'department', 'Department', '部门'),
  choiceField('category', 'category', 'List', '类别', CATEGORIES),
];

/** The document wants every field; of a person about whom less is known, texts are sent empty. */
function complete(field: FieldSpec): FieldSpec {
  return field.type === 'text' && field.name !== 'name' ? { ...field, sentEmpty: true } : required(field);
}

export const addPerson: Operation = {
  section: '1.12',
  label: { en: 'Add a person', zh: '下发人员' },
  uri: '/person/add',
  fields: [PERSON_ID, ...FACTS.map(complete), PHOTO],
};

export const listPersons: Operation = {
  section: '1.13',
  label: { en: 'List persons', zh: '查询人员列表' },
  uri: '/person/list',
  fields: [
    ...pageFields(1, 32),
    textField('name', 'name', 'Name', '姓名', { sentEmpty: true }),
    textField('workId', 'workId', 'Work number', '工号', { sentEmpty: true }),
    textField('idCard', 'idCard', 'ID card number', '身份证号', { sentEmpty: true }),
    textField('phone', 'phone', 'Phone', '手机号', { sentEmpty: true }),
    choiceField('category', 'category', 'List', '类别', CATEGORIES),
  ],
  list: { firstPage: 1, maxPageSize: 32 },
};

export const queryPerson: Operation = {
  section: '1.14',
  label: { en: 'Query a person', zh: '查询人员' },
  uri: '/person/query',
  fields: [PERSON_ID],
};

export const deletePerson: Operation = {
  section: '1.15',
  label: { en: 'Delete a person', zh: '删除人员' },
  uri: '/person/delete',
  // The document calls the id optional; a delete without it might empty the library.
  fields: [PERSON_ID],
};

export const searchByPicture: Operation = {
  section: '1.16',
  label: { en: 'Search by picture', zh: '以图搜图' },
  uri: '/person/search',
  fields: [
    PHOTO,
    required(
      integerField('threshold', 'threshold', 'Threshold', '比对阈值', {
        min: 0,
        max: 100,
        unit: '%',
        default: 80,
      }),
    ),
    required(timeField('start', 'start_time', 'From', '起始时间')),
    required(timeField('end', 'end_time', 'To', '结束时间')),
  ],
};

export const updatePerson: Operation = {
  section: 'later',
  label: { en: 'Update a person', zh: '修改人员' },
  uri: '/person/update',
  fields: [PERSON_ID, ...FACTS, { ...PHOTO, required: false }],
};

export const clearPersons: Operation = {
  section: 'later',
  label: { en: 'Delete all persons', zh: '清空人员' },
  uri: '/person/clear',
  fields: [],
};
