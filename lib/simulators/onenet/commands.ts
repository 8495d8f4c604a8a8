/** Chapter 3: commands, the devices that carry them out, and what becomes of them as time goes on. */
import { randomUUID } from 'node:crypto';
import { badRequest, missing, success, type Request, type Routes } from './answers';
import { DeviceCode, readFrame, type Frame } from './camera';
import { chinaTime, parseChinaTime } from './china-time';
import type { Channel, Device, World } from './world';

/** `cmd_status` of the document. */
const Status = {
  offline: 0,
  created: 1,
  sent: 2,
  sendError: 3,
  answered: 4,
  timedOut: 5,
  badAnswer: 6,
} as const;

/** How commands fail while such a fault is on. */
export type CommandFault = 'send-error' | 'silent' | 'bad-answer' | 'device-error';

const FAULT_STATUS: Readonly<Record<CommandFault, number>> = {
  'send-error': Status.sendError,
  silent: Status.timedOut,
  'bad-answer': Status.badAnswer,
  'device-error': Status.answered,
};

interface DeviceAnswer {
  resp_code: number;
  resp_data: string;
}

interface Command {
  id: string;
  deviceId: string;
  createdAt: number;
  /** Milliseconds until it ends. */
  takesMs: number;
  end: number;
  answer?: DeviceAnswer;
}

export interface CommandRules {
  fault: () => CommandFault | undefined;
  /** Milliseconds until the platform shows a picture that was taken on demand. */
  pictureDelayMs: number;
}

/** Commands that are remembered. */
const KEEP = 1_000;

export function commandRoutes(world: World, rules: CommandRules): Routes {
  const commands = new Map<string, Command>();

  const send = (request: Request) => {
    const device = world.device(request.need('device_id'));
    const wantsAnswer = request.maybe('qos') === '1';
    if (request.body.length === 0) throw badRequest('command required');
    if (request.body.length >= 65_536) throw badRequest('command must be smaller than 64 K');
    const command = begin(world, device, request, rules);
    commands.set(command.id, command);
    for (const id of commands.keys()) if (commands.size > KEEP) commands.delete(id);
    const status = wantsAnswer ? statusOf(command, world.now()) : sentStatus(command);
    return success({
      data: {
        cmd_uuid: command.id,
        cmd_status: status,
        ...(wantsAnswer && status === Status.answered && { dev_resp: command.answer }),
      },
    });
  };

  const find = (request: Request): Command => {
    const command = commands.get(request.need('cmd_uuid'));
    if (!command || command.deviceId !== request.need('device_id')) throw missing('command');
    return command;
  };

  return {
    'POST /ipc/video/cmds': send,
    'GET /ipc/video/cmd_status': (request) =>
      success({ data: { status: statusOf(find(request), world.now()) } }),
    'GET /ipc/video/cmd_resp': (request) => {
      const command = find(request);
      if (statusOf(command, world.now()) !== Status.answered) throw badRequest('no response yet');
      // Whether the real platform tells the device's code here is not known; without it, a refusal would be a success.
      return success({ resp: command.answer?.resp_data ?? '', resp_code: command.answer?.resp_code ?? 0 });
    },
  };
}

/** Without an answer it is over when it has gone out. */
function sentStatus({ end }: Command): number {
  return end === Status.offline || end === Status.sendError ? end : Status.sent;
}

/** On its way for a third of its time, at the device for the rest. */
function statusOf({ createdAt, takesMs, end }: Command, now: number): number {
  const passed = now - createdAt;
  if (passed >= takesMs) return end;
  return passed * 3 < takesMs ? Status.created : Status.sent;
}

function begin(world: World, device: Device, request: Request, rules: CommandRules): Command {
  const command = { id: randomUUID(), deviceId: device.id, createdAt: world.now() };
  if (!device.online) return { ...command, takesMs: 0, end: Status.offline };
  const takesMs = device.settings.answerMs ?? 300;
  const fault = rules.fault();
  if (fault === 'device-error') {
    return { ...command, takesMs, end: Status.answered, answer: answerOf(DeviceCode.faulty) };
  }
  if (fault !== undefined) return { ...command, takesMs, end: FAULT_STATUS[fault] };
  const isForUser = request.maybe('type') === '1';
  const answer = isForUser ? echo(request.body) : carryOut(world, device, request.body, rules);
  return { ...command, takesMs, end: Status.answered, answer };
}

function answerOf(code: number, content?: unknown): DeviceAnswer {
  const data = content === undefined ? '' : Buffer.from(JSON.stringify(content)).toString('base64');
  return { resp_code: code, resp_data: data };
}

/** The user's own program on the device sends back what it got. */
function echo(body: Buffer): DeviceAnswer {
  return { resp_code: DeviceCode.ok, resp_data: body.toString('base64') };
}

function carryOut(world: World, device: Device, body: Buffer, rules: CommandRules): DeviceAnswer {
  const { reads = 'sdk', takesSnapshots = true } = device.settings;
  const frame = readFrame(body, reads);
  if (!frame) return answerOf(DeviceCode.faulty);
  const channel = device.channels.get(frame.channelId);
  if (!channel) return answerOf(DeviceCode.noChannel);
  switch (frame.cmdId) {
    case 6:
      return setLevel(channel, frame);
    case 7:
      return answerOf(channel.camera.move(frame.cmd, reads) ? DeviceCode.ok : DeviceCode.faulty);
    case 10:
      return localVideos(channel, frame);
    case 32:
      if (!takesSnapshots) return answerOf(DeviceCode.unsupported);
      return snapshot(world, device, channel, frame, rules.pictureDelayMs);
    default:
      return answerOf(DeviceCode.unsupported);
  }
}

function setLevel(channel: Channel, { cmd: { level } }: Frame): DeviceAnswer {
  if (typeof level !== 'number' || level < 1 || level > 4) return answerOf(DeviceCode.faulty);
  channel.camera.level = level;
  return answerOf(DeviceCode.ok);
}

/** What it has recorded itself: the platform's videos of the channel stand for it. */
function localVideos(channel: Channel, { cmd }: Frame): DeviceAnswer {
  const { page, per_page: size, start_time: from, end_time: until } = cmd;
  if (typeof page !== 'number' || page < 1 || typeof size !== 'number' || size < 1) {
    return answerOf(DeviceCode.faulty);
  }
  const since = typeof from === 'string' ? parseChinaTime(from) : -Infinity;
  const to = typeof until === 'string' ? parseChinaTime(until) : Infinity;
  const all = [...channel.videos.values()].filter((one) => one.endedAt >= since && one.startedAt <= to);
  const shown = all.slice((page - 1) * size, page * size);
  return answerOf(DeviceCode.ok, {
    all_count: all.length,
    cur_count: shown.length,
    rvods: shown.map((one) => ({
      channel_id: channel.id,
      video_title: one.name,
      size: one.kiloBytes * 1024,
      beginTime: chinaTime(one.startedAt),
      endTime: chinaTime(one.endedAt),
    })),
  });
}

function snapshot(
  world: World,
  device: Device,
  channel: Channel,
  { cmd }: Frame,
  delayMs: number,
): DeviceAnswer {
  const size = Object.fromEntries(
    ['width', 'height', 'quality'].flatMap((name) =>
      typeof cmd[name] === 'number' ? [[name, cmd[name]]] : [],
    ),
  ) as { width?: number; height?: number; quality?: number };
  const at = world.now();
  const data = channel.camera.picture(at, size);
  const name = world.devicePicture(device, channel, { data, at, lateMs: delayMs });
  // Here 1 is success.
  return answerOf(DeviceCode.ok, { cmdId: 32, result: 1, cmd: { name } });
}
