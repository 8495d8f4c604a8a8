/** Vehicle and plate numbers of §2.5, and those of the later edition's flat vehicle report. */
import { tableOf } from './names';

/** `data.type` of §2.5. There is no 14. */
export const VEHICLE_TYPES = tableOf([
  [0, 'Unknown', '未知'],
  [1, 'Car', '轿车'],
  [2, 'Truck', '货车'],
  [3, 'Van', '面包车'],
  [4, 'Bus', '客车'],
  [5, 'Small truck', '小货车'],
  [6, 'SUV', 'SUV'],
  [7, 'Medium bus', '中型客车'],
  [8, 'Motorcycle', '摩托车'],
  [9, 'Pedestrian', '行人'],
  [10, 'School bus', '校车'],
  [11, 'Dump truck', '泥头车（渣土车）'],
  [12, 'Hazardous goods vehicle', '高危车'],
  [13, 'Cyclist', '骑行人'],
  [15, 'Micro car', '微型轿车'],
  [16, 'Small car', '小型轿车'],
  [17, 'Compact car', '紧凑型轿车'],
  [18, 'Hatchback', '两厢轿车'],
  [19, 'Saloon', '三厢轿车'],
  [20, 'Light bus', '轻客'],
  [21, 'Small SUV', '小型SUV'],
  [22, 'Compact SUV', '紧凑型SUV'],
  [23, 'Medium SUV', '中型SUV'],
  [24, 'Medium to large SUV', '中大型SUV'],
  [25, 'Large SUV', '大型SUV'],
  [26, 'Micro van', '微型面包车'],
  [27, 'MPV', 'MPV'],
  [28, 'Coupé', '轿跑'],
  [29, 'Micro truck', '微卡'],
  [30, 'Pickup', '皮卡'],
  [31, 'Medium truck', '中卡'],
  [32, 'Light truck', '轻卡'],
  [33, 'Heavy truck', '重卡'],
  [34, 'Taxi', '出租车'],
  [35, 'Tanker', '油罐车'],
  [36, 'Crane', '吊车'],
]);

/** `plate.plate_type` of §2.5. There is no 12. */
export const PLATE_TYPES = tableOf([
  [0, 'Unknown', '未知类型'],
  [1, 'Blue', '普通蓝牌'],
  [2, 'Black', '普通黑牌'],
  [3, 'Yellow, one line', '普通单层黄牌'],
  [4, 'Yellow, two lines', '双层黄牌'],
  [5, 'White, police', '白色警牌'],
  [6, 'White, armed police', '白色武警'],
  [7, 'White, armed police, two lines', '双层白色武警'],
  [8, 'Military, one line', '单层军牌'],
  [9, 'Military, two lines', '双层军牌'],
  [10, 'Embassy or consulate', '领使馆牌'],
  [11, 'Hong Kong', '港牌'],
  [13, 'Macau', '澳门牌'],
  [14, 'Agricultural, tractor', '农用车牌（拖拉机）'],
  [15, 'Works area', '厂内牌'],
  [16, 'Personalised', '个性化车牌'],
  [17, 'New energy', '新能源牌'],
  [18, 'Other', '其他类型'],
]);

/** `car_type` of the later edition (V1.0.2 §3.4): another numbering than `VEHICLE_TYPES`. */
export const LATER_VEHICLE_TYPES = tableOf([
  [1, 'Car', '轿车'],
  [2, 'SUV', 'SUV'],
  [3, 'Bus', '巴士'],
  [4, 'Van', '面包车'],
  [5, 'Truck', '货车'],
]);

/** `plate_color` of the later edition. */
export const PLATE_COLOURS = tableOf([
  [0, 'Unknown', '未知'],
  [1, 'Blue', '蓝色车牌'],
  [2, 'Yellow, one line', '单层黄色车牌'],
  [3, 'Yellow, two lines', '双层黄色车牌'],
  [4, 'Yellow-green', '黄绿色车牌'],
  [5, 'Green', '绿色车牌'],
  [6, 'Black', '黑色车牌'],
  [7, 'White', '白色车牌'],
]);

/** `car_color` of the later edition. */
export const VEHICLE_COLOURS = tableOf([
  [0, 'Unknown', '未知'],
  [1, 'Brown', '棕色'],
  [2, 'Orange', '橙色'],
  [3, 'Grey', '灰色'],
  [4, 'White', '白色'],
  [5, 'Pink', '粉色'],
  [6, 'Purple', '紫色'],
  [7, 'Red', '红色'],
  [8, 'Green', '绿色'],
  [9, 'Blue', '蓝色'],
  [10, 'Silver', '银色'],
  [11, 'Yellow', '黄色'],
  [12, 'Black', '黑色'],
]);
