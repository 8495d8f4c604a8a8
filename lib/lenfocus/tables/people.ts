/** What the protocol says about people in numbers. */
import { tableOf, type Edition, type NameTable } from './names';

/** `category` of §1.12–1.14 and of face reports. */
export const CATEGORIES = tableOf([
  [1, 'Whitelist', '白名单'],
  [2, 'Blacklist', '黑名单'],
  [3, 'VIP', 'VIP'],
  [4, 'Visitor', '访客'],
]);

/** The document knows 1 and 2; comparison machines of the later edition also send 0 for female. */
export const GENDERS: Readonly<Record<Edition, NameTable>> = {
  document: tableOf([
    [1, 'Male', '男'],
    [2, 'Female', '女'],
  ]),
  later: tableOf([
    [0, 'Female', '女'],
    [1, 'Male', '男'],
    [2, 'Female', '女'],
  ]),
};

/** File types of an OTA release (§2.3). */
export const COMPONENT_TYPES = tableOf([
  [1, 'Description file', '描述文件'],
  [2, 'Firmware', '固件'],
  [3, 'App', 'App'],
  [4, 'Model file', '模型文件'],
  [5, 'License', 'License'],
]);
