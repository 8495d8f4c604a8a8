/** What a `lenfocus-reply` does. */
import { SnapflowError } from '../../lib/errors';
import type { DeviceRecord, FlowAnswer, OtaRelease } from '../../lib/lenfocus';
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import type { Message, NodeConfig } from '../shared/red';
import { messageSecret } from '../shared/secret';
import { typedProperty, typedText } from '../shared/typed-value';
import type { Question } from './questions';
import type { ServerNode } from './server';
import { numberOr } from './server-options';
import { showTrouble } from './server-status';

export interface ReplyConfig extends NodeConfig {
  server?: string;
  decision?: 'accept' | 'refuse';
  /** Code that a refused report is answered with. */
  code?: string | number;
}

const DID = text('The did');
const DEVICE_NAME = text('The name of the camera');
const SECURITY_CODE = text('The security code');

export function setUp(parts: NodeParts, config: ReplyConfig): void {
  const { RED, status } = parts;
  const serverNode = configNode<ServerNode>(RED, config.server);
  const accepts = config.decision !== 'refuse';
  showTrouble(parts, serverNode);

  onInput(parts, async (msg, send) => {
    const { questions, server } = serverNode;
    const { kind, id } = questionOf(msg);
    if (kind === 'report') {
      const refusal: FlowAnswer = { code: numberOr(config.code, 500) };
      questions.replyReport(id, accepts ? undefined : refusal, pictureIdOf(msg));
    } else if (kind === 'ota') {
      questions.replyQuery(id, accepts ? releaseOf(msg) : undefined);
    } else if (accepts) {
      await server.admit(await recordOf(parts, config, id, msg));
    }
    status.word(accepts ? 'ok' : 'waiting', accepts ? 'status.accepted' : 'status.refused');
    send(msg);
  });
}

function questionOf({ question }: Message): Question {
  const { kind, id } = (question ?? {}) as Partial<Question>;
  if ((kind === 'report' || kind === 'ota' || kind === 'join') && typeof id === 'string') return { kind, id };
  throw new SnapflowError(
    'BAD_INPUT',
    'The message carries no question of a camera: msg.question of lenfocus-events must reach this node.',
    { system: 'lenfocus' },
  );
}

/** A message that is one picture of a report answers for this picture. */
function pictureIdOf({ picture }: Message): string | undefined {
  const { id } = (picture ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

/** `msg.payload`, when it is a release; else there is none for this camera. */
function releaseOf({ payload }: Message): OtaRelease | undefined {
  if (payload == null) return undefined;
  const { components, versionCode, versionName } = payload as Partial<OtaRelease>;
  if (typeof versionCode === 'number' && typeof versionName === 'string' && Array.isArray(components)) {
    return payload as OtaRelease;
  }
  throw new SnapflowError(
    'BAD_INPUT',
    'msg.payload must be a release { versionCode, versionName, releaseDate, components }, or empty for none.',
    { system: 'lenfocus' },
  );
}

async function recordOf(
  parts: NodeParts,
  config: ReplyConfig,
  sn: string,
  msg: Message,
): Promise<DeviceRecord> {
  const did = await typedText(parts, typedProperty(config, 'did'), msg, DID);
  const name = await typedText(parts, typedProperty(config, 'deviceName'), msg, DEVICE_NAME);
  const securityCode = await messageSecret(parts, config, 'securityCode', msg, SECURITY_CODE);
  return {
    sn,
    ...(did !== '' && { did }),
    ...(name !== '' && { name }),
    ...(securityCode !== '' && { securityCode }),
  };
}
