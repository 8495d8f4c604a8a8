/** Answers the update queries of devices (§2.3) and hands out the files. */
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Context } from '../context';
import { asError } from '../events';
import { NO_SUCH_PATH, NOT_TAKEN, send, type Answer } from '../http/answer';
import type { DeviceFacts } from '../sessions/session';
import { CODE } from '../wire/codes';
import { Fields, known } from '../wire/values';
import type { OtaQuery, OtaRelease, OtaSource } from './types';

const NONE: Answer = { status: 200, code: CODE.noSuchResource, message: 'No release' };

export class OtaDesk {
  constructor(
    private readonly context: Context,
    private readonly source: OtaSource | undefined,
  ) {}

  async answer(fields: Fields, device: DeviceFacts, baseUrl: string): Promise<Answer> {
    const query: OtaQuery = known({
      device,
      otaId: fields.text('otaid'),
      firmware: fields.text('fwver'),
      software: fields.text('swver'),
      system: fields.text('osver'),
      hardware: fields.text('hwver'),
      versionCode: fields.integer('vercode'),
      receivedAt: new Date(this.context.clock.now()).toISOString(),
    });
    try {
      const release = await this.source?.find(query, baseUrl);
      this.context.events.notify('ota', { query, ...(release && { release }) });
      return release ? { status: 200, code: CODE.ok, message: 'OK', data: onWire(release) } : NONE;
    } catch (cause) {
      // A release of ours that cannot be read is not the device's mistake.
      this.context.events.notify('error', asError(cause));
      return NOT_TAKEN;
    }
  }

  /** @param path below `/api/v1/ota/file/` */
  async sendFile(response: ServerResponse, path: string): Promise<void> {
    const file = await this.source?.open?.(path.split('/', 1)[0] ?? '');
    if (!file) {
      send(response, NO_SUCH_PATH);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': file.size });
    const content = createReadStream(file.path);
    content.on('error', () => response.destroy());
    response.on('close', () => content.destroy());
    content.pipe(response);
  }
}

function onWire(release: OtaRelease): Record<string, unknown> {
  const { versionCode, versionName, description, releaseDate, components } = release;
  return known({
    verCode: versionCode,
    verName: versionName,
    description,
    releaseDate,
    componentList: components,
  });
}
