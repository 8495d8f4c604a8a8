/** Many devices in a process of their own: they connect, beat, and report, and tell how it went. */
import { setTimeout as pause } from 'node:timers/promises';
import { BarePost, requestOf } from './bare-post';
import { BareSocket, frameOf } from './bare-socket';
import { inFlight } from './bench';
import { answerQuestions } from './child';
import { connectText, heartbeatText, Signer, snOf, tokenIn } from './device-frames';
import { reportOf } from './report-bodies';

interface Device {
  socket: BareSocket;
  beat: Buffer;
}

/** SNs that sign; each connects again and again. */
const SIGNERS = 500;

const devices: Device[] = [];
const signer = new Signer(SIGNERS);
let signed: string[] = [];
let posts: BarePost[] = [];
let request: Buffer = Buffer.alloc(0);

const isGood = (reply: Buffer): boolean => reply.includes('"code":200');

/** Lets so many more devices connect, a few at a time. */
async function open(url: string, count: number): Promise<number> {
  let index = devices.length;
  await inFlight(count, 50, async () => {
    const sn = snOf(index++);
    const device: Device = { socket: await BareSocket.open(url), beat: Buffer.alloc(0) };
    devices.push(device);
    const token = tokenIn(await device.socket.ask(connectText({ sn, sign: 's', ts: 1 })));
    device.beat = frameOf(heartbeatText(sn, token));
  });
  return devices.length;
}

/** So many heartbeats in all, one of each device under way. @returns how many were answered well */
function beats(count: number): Promise<number> {
  let left = count;
  let running = devices.length;
  let good = 0;
  return new Promise((resolve) => {
    const next = ({ socket, beat }: Device): void => {
      if (left-- > 0) socket.send(beat);
      else if (--running === 0) resolve(good);
    };
    for (const device of devices) {
      device.socket.onText = (reply) => {
        if (isGood(reply)) good++;
        next(device);
      };
      next(device);
    }
  });
}

/**
 * Beats of all devices in turn at a fixed pace, whether or not the ones before were answered.
 * @returns milliseconds from each beat to its answer
 */
async function pacedBeats(perSecond: number, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const count = perSecond * seconds;
  const start = performance.now();
  let answered = (): void => undefined;
  for (const device of devices) device.socket.onText = () => undefined;
  const waiting = devices.map((): number[] => []);
  devices.forEach(({ socket }, index) => {
    socket.onText = () => {
      times.push(performance.now() - (waiting[index]?.shift() ?? NaN));
      if (times.length === count) answered();
    };
  });
  const all = new Promise<void>((resolve) => (answered = resolve));
  for (let sent = 0; sent < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * perSecond) / 1000) + 1);
    for (; sent < due; sent++) {
      const index = sent % devices.length;
      waiting[index]?.push(performance.now());
      devices[index]?.socket.send(devices[index].beat);
    }
    await pause(5);
  }
  await all;
  return times;
}

function prepareConnects(count: number): void {
  signed = Array.from({ length: count }, () => connectText(signer.next()));
}

/** TCP, handshake and `/connect` of what was prepared, so many at once. @returns how many were let in */
async function connects(url: string, atOnce: number): Promise<number> {
  let good = 0;
  await inFlight(signed.length, atOnce, async () => {
    const socket = await BareSocket.open(url);
    if (isGood(await socket.ask(signed.pop() ?? ''))) good++;
    socket.end();
  });
  return good;
}

/** Makes ready to post reports of a size over so many connections. */
async function prepareReports(url: string, token: string, bytes: number, atOnce: number): Promise<void> {
  for (const post of posts) post.end();
  posts = await Promise.all(Array.from({ length: atOnce }, () => BarePost.open(url)));
  request = requestOf(url, token, reportOf(bytes));
}

/** @returns how many were answered 200 */
async function reports(count: number): Promise<number> {
  let left = count;
  let good = 0;
  const lane = async (post: BarePost): Promise<void> => {
    while (left-- > 0) if ((await post.send(request)) === 200) good++;
  };
  await Promise.all(posts.map(lane));
  return good;
}

let saturating: { stop: () => void; done: Promise<number> } | undefined;

/** Posts without pause until told to relent. */
function saturate(): void {
  let stopped = false;
  let good = 0;
  const lane = async (post: BarePost): Promise<void> => {
    while (!stopped) if ((await post.send(request)) === 200) good++;
  };
  const done = Promise.all(posts.map(lane)).then(() => good);
  saturating = { stop: () => (stopped = true), done };
}

/** @returns how many were answered 200 meanwhile */
function relent(): Promise<number> {
  saturating?.stop();
  return saturating?.done ?? Promise.resolve(0);
}

void answerQuestions(() =>
  Promise.resolve({
    publicKey: () => signer.publicKey,
    open,
    beats,
    pacedBeats,
    prepareConnects,
    connects,
    prepareReports,
    reports,
    saturate,
    relent,
  }),
);
