/** Whether a message is about an alarm. */
import { isAlarm } from '../../lib/picture/alarm';
import type { Message } from './red';

/** `msg.alarm` (true or false) decides where a flow sets it, else what the picture's source says. */
export function isAlarmMessage(msg: Message): boolean {
  const { alarm, picture } = msg;
  return typeof alarm === 'boolean' ? alarm : isAlarm(picture);
}
