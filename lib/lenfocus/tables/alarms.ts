/** Alarm (event) types of §2.4. The two tables contradict each other from 12 on, so the user chooses. */
import { tableOf, type Edition, type NameTable } from './names';

const COMMON = [
  [1, 'Motion', '移动侦测'],
  [2, 'Area intrusion or tripwire', '区域入侵或绊线'],
  [3, 'View blocked', '视频遮挡'],
  [4, 'Baby crying', '婴儿啼哭'],
  [5, 'Crowd', '人员聚集'],
  [6, 'Loitering', '人员徘徊'],
  [7, 'Fast movement', '快速移动'],
  [8, 'Flame', '火焰'],
  [9, 'Sudden noise', '音量陡升'],
  [10, 'Sudden silence', '环境噪声陡降'],
  [11, 'Person captured', '人形抓拍'],
] as const;

const DOCUMENT = tableOf([
  ...COMMON,
  [12, 'Watched person', '关注人员（黑白名单）'],
  [13, 'Absence from post', '离岗'],
  [14, 'Body temperature', '体温检测'],
]);

const LATER = tableOf([
  ...COMMON,
  [12, 'Whitelisted person', '白名单人员'],
  [13, 'Blacklisted person', '黑名单人员'],
  [14, 'VIP', 'VIP 人员'],
  [15, 'Absence from post', '离岗'],
  [16, 'Fall', '摔倒'],
  [17, 'Vital signs', '生命体征'],
  [18, 'Kitchen', '厨房监控'],
  [19, 'Behaviour (fighting, smoking, phoning)', '行为检测（打架、吸烟、打电话）'],
  [20, 'Non-motor vehicle', '非机动车'],
]);

export const ALARM_TYPES: Readonly<Record<Edition, NameTable>> = { document: DOCUMENT, later: LATER };
