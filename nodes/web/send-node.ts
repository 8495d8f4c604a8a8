/** What a `snapflow-send` does. */
import { SnapflowError } from '../../lib/errors';
import { suggestFilename, type PictureInfo } from '../../lib/picture';
import { WebTarget, type Login, type WebAnswer, type WebJob, type WebTargetOptions } from '../../lib/web';
import { openDelivery } from '../shared/delivery/delivery';
import { openMemoryLanes } from '../shared/delivery/memory-lanes';
import type { OutboxConfig } from '../shared/delivery/outbox-config';
import type { Shipment, Target } from '../shared/delivery/target';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { pictureFactsOf } from '../shared/picture-facts';
import { proxyFor } from '../shared/proxy';
import type { Message, NodeConfig } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { tlsSettings, type TlsChoice } from '../shared/tls';
import { sharedKey } from '../shared/words';

export interface SendConfig extends NodeConfig, TlsChoice {
  address?: string;
  /** Path and query, with places. */
  path?: string;
  method?: WebTargetOptions['method'];
  content?: 'raw' | 'form';
  /** Field of the file in a form. */
  fileField?: string;
  /** Further fields of the form: lines of `name=value`. */
  fields?: string;
  auth?: Login['kind'];
  /** Id of an `http proxy` node. */
  proxy?: string;
  /** Seconds for a whole call. */
  timeout?: string | number;
  /** Seconds between two starts for one device. */
  pace?: string | number;
  /** Pictures that may wait in memory. */
  maxWaiting?: string | number;
  /** Megabytes of those. */
  maxWaitingMB?: string | number;
  outbox?: OutboxConfig;
}

export function setUp(parts: NodeParts, config: SendConfig): void {
  const { RED, life, node, view } = parts;
  const target = new WebTarget(targetOptions(parts, config));
  const paceMs = Number(config.pace || 0) * 1000;
  const memory = openMemoryLanes({
    system: 'snapflow',
    paceMs,
    maxItems: Number(config.maxWaiting || 1_000),
    maxBytes: Number(config.maxWaitingMB || 256) * 1_000_000,
  });
  life.own(() => target.close());
  life.own(() => memory.lanes.close());
  if (config.tlsMode === 'off') node.warn(RED._(sharedKey('tls.offWarning')));
  const secrets = ['password', 'token'].map((name) => fixedSecret(RED, node, config, name));
  const delivery: Target<WebJob, WebAnswer> = {
    system: 'snapflow',
    memory,
    disk: { paceMs, secrets: () => secrets.filter((secret) => secret !== '') },
    send: ({ job, body }, { signal }) => target.send(job, body, { signal }),
    proof: ({ status, body, url, location }) => ({ payload: body, upload: { url, status, location } }),
  };
  const deliver = openDelivery(parts, config.outbox, delivery);
  onInput(parts, (msg, send) =>
    deliver(msg, send, () => {
      const shipment = shipmentOf(target, msg);
      view.of([msg]);
      return Promise.resolve(shipment);
    }),
  );
}

/** Checked before it waits, so that what is no picture holds nothing up. */
function shipmentOf(target: WebTarget, msg: Message): Shipment<WebJob> {
  const { data, facts, mime } = pictureFactsOf(msg);
  const { filename, picture } = msg;
  const suggested = typeof filename === 'string' ? filename.replace(/^.*[/\\]/s, '') : '';
  const name = suggested || (isInfo(picture) ? suggestFilename(picture) : `${facts.id}.${facts.ext}`);
  return { lane: facts.device, body: data, job: target.job(facts, mime, name) };
}

function isInfo(picture: unknown): picture is PictureInfo {
  return typeof picture === 'object' && picture !== null && 'source' in picture && 'format' in picture;
}

function targetOptions({ RED, node }: NodeParts, config: SendConfig): WebTargetOptions {
  const {
    address = '',
    path = '',
    method = 'POST',
    content = 'raw',
    fileField = '',
    fields = '',
    proxy,
  } = config;
  return {
    address,
    path,
    method,
    ...(content === 'form' && { form: { field: fileField || 'file', fields: fieldsIn(fields) } }),
    login: loginOf(config.auth ?? 'none', (name) => fixedSecret(RED, node, config, name)),
    tls: tlsSettings(RED, config),
    ...(proxy && { proxy: proxyFor(RED, proxy, address) }),
    zone: 'local',
    timeoutMs: Number(config.timeout || 60) * 1000,
  };
}

/** @throws SnapflowError `BAD_INPUT` for a line that is no `name=value` */
function fieldsIn(lines: string): Record<string, string> {
  const pairs = lines.split(/\r?\n/).filter((line) => line.trim() !== '');
  return Object.fromEntries(
    pairs.map((line) => {
      const at = line.indexOf('=');
      if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      throw new SnapflowError('BAD_INPUT', 'Write each further field as name=value, not as “{{line}}”.', {
        values: { line: line.slice(0, 80) },
      });
    }),
  );
}

/** @throws SnapflowError `BAD_INPUT` when the secret is missing */
function loginOf(kind: Login['kind'], secret: (name: string) => string): Login {
  switch (kind) {
    case 'none':
      return { kind };
    case 'digest':
    case 'basic':
      return { kind, username: needed(secret('username')), password: secret('password') };
    case 'bearer':
      return { kind, token: needed(secret('token')) };
  }
}

function needed(secret: string): string {
  if (secret !== '') return secret;
  throw new SnapflowError('BAD_INPUT', 'Fill in user and password, or the token, or choose no login.');
}
