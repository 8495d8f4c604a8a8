/** What a `thingscloud-upload` does. */
import { laneKey } from '../../lib/delivery/lane-key';
import { SnapflowError } from '../../lib/errors';
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import type { Message, NodeConfig } from '../shared/red';
import { messageSecret } from '../shared/secret';
import { requiredText, typedProperty } from '../shared/typed-value';
import type { ProjectNode } from './project';
import { Waiting } from './waiting';

export interface UploadConfig extends NodeConfig {
  project?: string;
}

const ACCESS_TOKEN = text('The AccessToken of the device');
const IDENTIFIER = text('The identifier of the attribute');

export function setUp(parts: NodeParts, config: UploadConfig): void {
  const { RED, life, status } = parts;
  const project = configNode<ProjectNode>(RED, config.project);
  const waiting = new Waiting(parts);
  life.own(project.watch((state) => waiting.show(state)));

  onInput(parts, async (msg, send) => {
    if (msg['resume'] === true) {
      project.lanes.resume();
      return;
    }
    const accessToken = await messageSecret(parts, config, 'accessToken', msg, ACCESS_TOKEN);
    const identifier = await requiredText(parts, typedProperty(config, 'identifier'), msg, IDENTIFIER);
    const picture = pictureOf(msg);
    const lane = laneKey(accessToken);
    const { result, attempts, waitedMs, tookMs } = await waiting.during(
      lane,
      project.lanes.add(lane, { accessToken, identifier, picture }, picture.length),
    );
    msg.payload = result.answer;
    msg['upload'] = {
      system: 'thingscloud',
      url: result.url,
      pictureId: pictureIdOf(msg),
      attempts,
      waitedMs: Math.round(waitedMs),
      tookMs: Math.round(tookMs),
    };
    send(msg);
    if (waiting.isOver) status.word('ok', 'status.uploaded');
  });
}

function pictureOf({ payload }: Message): Buffer {
  if (Buffer.isBuffer(payload)) return payload;
  throw new SnapflowError('BAD_INPUT', 'msg.payload must be the picture as a Buffer.', {
    system: 'thingscloud',
  });
}

/** The id that follows a picture from its source to here; none for pictures that came another way. */
function pictureIdOf({ picture }: Message): string | undefined {
  const { id } = (picture ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
