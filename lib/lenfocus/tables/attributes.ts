/**
 * Attributes of a person in face reports of the later edition (V1.0.2 §3.1), by canonical key. Capture
 * machines count from 0 = uncertain. `helmet`, `smoke` and `handed` of older firmware (0 no, 1 yes) are numbers
 * of another meaning and pass through without a name.
 */
import { tableOf, type NameTable, type Named } from './names';

type Row = readonly [number, string, string];

const UNCERTAIN: Row = [0, 'Uncertain', '不确定'];
const NO: Row = [1, 'No', '否'];
const YES_OR_NO = tableOf([UNCERTAIN, NO, [2, 'Yes', '是']]);

const CLOTHES_COLOURS = tableOf([
  UNCERTAIN,
  [1, 'Red', '红'],
  [2, 'Orange', '橙'],
  [3, 'Yellow', '黄'],
  [4, 'Green', '绿'],
  [5, 'Blue', '蓝'],
  [6, 'Purple', '紫'],
  [7, 'Pink', '粉'],
  [8, 'Black', '黑'],
  [9, 'White', '白'],
  [10, 'Grey', '灰'],
  [11, 'Brown', '棕'],
]);

export interface Attribute {
  /** Its name in our messages. */
  name: string;
  label: Named;
  values: NameTable;
}

function attribute(name: string, en: string, zh: string, values: NameTable): Attribute {
  return { name, label: { en, zh }, values };
}

export const FACE_ATTRIBUTES: readonly Attribute[] = [
  attribute('faceMask', 'Face mask', '戴口罩', YES_OR_NO),
  attribute('umbrella', 'Umbrella', '打伞', YES_OR_NO),
  attribute(
    'headwear',
    'Headwear',
    '戴帽子',
    tableOf([UNCERTAIN, NO, [2, 'Hat', '普通帽'], [3, 'Safety helmet', '安全帽']]),
  ),
  attribute(
    'glasses',
    'Glasses',
    '戴眼镜',
    tableOf([UNCERTAIN, NO, [2, 'Glasses', '戴眼镜'], [3, 'Sunglasses', '戴墨镜']]),
  ),
  attribute('carryingItem', 'Carrying something', '手持物', YES_OR_NO),
  attribute('cellphone', 'Using a phone', '使用手机', YES_OR_NO),
  attribute('safetyClothing', 'Safety clothing', '穿安全服', YES_OR_NO),
  attribute(
    'upperWear',
    'Sleeves',
    '长短袖',
    tableOf([UNCERTAIN, [1, 'Long', '长袖'], [2, 'Short', '短袖']]),
  ),
  attribute('upperColor', 'Colour of the upper wear', '上装颜色', CLOTHES_COLOURS),
  attribute(
    'upperWearFg',
    'Upper wear',
    '上装款式',
    tableOf([
      UNCERTAIN,
      [1, 'T-shirt', 'T恤'],
      [2, 'Sleeveless', '无袖'],
      [3, 'Shirt', '衬衫'],
      [4, 'Suit', '西装'],
      [5, 'Sweater', '毛衣'],
      [6, 'Jacket', '夹克'],
      [7, 'Down jacket', '羽绒服'],
      [8, 'Trench coat', '风衣'],
      [9, 'Coat', '外套'],
    ]),
  ),
  attribute(
    'upperWearTexture',
    'Pattern of the upper wear',
    '上装花纹',
    tableOf([
      UNCERTAIN,
      [1, 'Plain', '纯色'],
      [2, 'Picture', '图案'],
      [3, 'Floral', '碎花'],
      [4, 'Stripes or checks', '条纹或格子'],
    ]),
  ),
  attribute(
    'bag',
    'Bag',
    '背包',
    tableOf([UNCERTAIN, NO, [2, 'Shoulder bag', '单肩包'], [3, 'Backpack', '双肩包']]),
  ),
  attribute('lock', 'Safety rope', '系安全绳', YES_OR_NO),
  attribute(
    'lowerWear',
    'Lower wear',
    '下装款式',
    tableOf([
      UNCERTAIN,
      [1, 'Trousers', '长裤'],
      [2, 'Shorts', '短裤'],
      [3, 'Long skirt', '长裙'],
      [4, 'Short skirt', '短裙'],
    ]),
  ),
  attribute('lowerColor', 'Colour of the lower wear', '下装颜色', CLOTHES_COLOURS),
  attribute(
    'vehicle',
    'Riding',
    '交通工具',
    tableOf([
      UNCERTAIN,
      NO,
      [2, 'Motorcycle', '骑摩托车'],
      [3, 'Bicycle', '骑自行车'],
      [4, 'Tricycle', '骑三轮车'],
    ]),
  ),
  attribute('upperCut', 'Cut off above', '上方截断', YES_OR_NO),
  attribute('lowerCut', 'Cut off below', '下方截断', YES_OR_NO),
  attribute(
    'occlusion',
    'Covered',
    '遮挡程度',
    tableOf([UNCERTAIN, NO, [2, 'Slightly', '轻度遮挡'], [3, 'Heavily', '重度遮挡']]),
  ),
  attribute(
    'orientation',
    'Seen from',
    '人体方位',
    tableOf([
      UNCERTAIN,
      [1, 'Front', '正面'],
      [2, 'Back', '背面'],
      [3, 'Right', '右侧面'],
      [4, 'Left', '左侧面'],
    ]),
  ),
  attribute('redRescueKit', 'Red self-rescue kit', '红色自救包', YES_OR_NO),
  attribute(
    'express',
    'Expression',
    '表情',
    tableOf([
      [0, 'Angry', '生气'],
      [1, 'Disgusted', '厌恶'],
      [2, 'Afraid', '害怕'],
      [3, 'Happy', '快乐'],
      [4, 'Neutral', '自然'],
      [5, 'Sad', '悲伤'],
      [6, 'Surprised', '惊讶'],
    ]),
  ),
];
