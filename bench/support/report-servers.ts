/** Servers that take face reports, and count the pictures they found. */
import type { LenfocusServer } from '../../lib/lenfocus';
import { BareSocket } from './bare-socket';
import { coreFlow } from './core-flows';
import { connectText, snOf, tokenIn } from './device-frames';
import { RAW_TOKEN, rawHttp } from './raw-servers';
import { snapflowNodes, snapflowServer } from './snapflow-servers';

export interface ReportServer {
  /** Of the WebSocket. */
  url: string;
  reportUrl: string;
  token: string;
  /** Pictures found so far. */
  pictures(): number;
  close(): Promise<void>;
}

const ROUTE = 'api/v1/adapter/lenfocus/face/capture';

/** @param work gives the number of pictures in a body */
export async function rawReports(work: (chunks: Buffer[]) => number): Promise<ReportServer> {
  let pictures = 0;
  const server = await rawHttp((chunks) => void (pictures += work(chunks)));
  return { ...server, reportUrl: `${server.url}${ROUTE}`, token: RAW_TOKEN, pictures: () => pictures };
}

export async function coreReports(): Promise<ReportServer> {
  let pictures = 0;
  const flow = await coreFlow(undefined, (found) => void (pictures += found));
  return { ...flow, token: RAW_TOKEN, pictures: () => pictures };
}

export async function snapflowReports(): Promise<ReportServer> {
  let pictures = 0;
  const listen = (server: LenfocusServer): void => {
    server.on('report', (report) => void (pictures += report.pictures.length));
  };
  return connected(await snapflowServer({}, listen), () => pictures);
}

/** Each picture is a message to a function node. */
export async function snapflowNodeReports(): Promise<ReportServer> {
  let pictures = 0;
  const server = await snapflowNodes(true, ({ payload }) => {
    if (Buffer.isBuffer(payload)) pictures++;
  });
  return connected(server, () => pictures);
}

/** A device that is connected: its reports bear its token. */
async function connected(
  server: { url: string; close(): Promise<void> },
  pictures: () => number,
): Promise<ReportServer> {
  const device = await BareSocket.open(server.url);
  const token = tokenIn(await device.ask(connectText({ sn: snOf(999_999), sign: 's', ts: 1 })));
  return {
    url: server.url,
    reportUrl: server.url + ROUTE,
    token,
    pictures,
    async close() {
      device.end();
      await server.close();
    },
  };
}
