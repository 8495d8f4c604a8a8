/** Fields that many operations share. */
import { text } from '../texts/mark';
import { id, integer, optional, time } from './fields';

/** Channel numbers are numbers in command frames; everywhere else they are ids like others. */
export const device = { deviceId: id(text('Device id')) };
export const channel = { ...device, channelId: id(text('Channel')) };
export const numberedChannel = {
  ...device,
  channelId: integer(text('Channel'), { min: 0, max: 2 ** 31 - 1 }),
};
export const product = { productId: id(text('Product id')) };

/** A time of which either end may be left open. */
export const period = {
  startTime: optional(time(text('From'))),
  endTime: optional(time(text('Until'))),
};
