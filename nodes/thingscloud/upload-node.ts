/** What a `thingscloud-upload` does: a picture in, the platform's answer out when it has arrived. */
import { laneKey } from '../../lib/delivery/lane-key';
import { text } from '../../lib/texts/mark';
import type { Uploaded } from '../../lib/thingscloud';
import { openAutoFit, type AutoFit } from '../shared/auto-fit';
import { openDelivery } from '../shared/delivery/delivery';
import type { OutboxConfig } from '../shared/delivery/outbox-config';
import type { Shipment, Target } from '../shared/delivery/target';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import { picturePayload } from '../shared/picture-payload';
import type { Message, NodeConfig } from '../shared/red';
import { fixedSecret, messageSecret, secretSource } from '../shared/secret';
import { missing, requiredText, typedProperty } from '../shared/typed-value';
import type { OpenProject, ProjectNode } from './project';

export interface UploadConfig extends NodeConfig {
  project?: string;
  outbox?: OutboxConfig;
  /** Makes pictures that are too large smaller. */
  fit?: boolean;
}

interface Job {
  identifier: string;
}

const ACCESS_TOKEN = text('The AccessToken of the device');
const IDENTIFIER = text('The identifier of the attribute');

export function setUp(parts: NodeParts, config: UploadConfig): void {
  const { project } = configNode<ProjectNode>(parts.RED, config.project);
  const fit = config.fit
    ? openAutoFit(parts.life, () => ({ maxBytes: project.client.maxPictureBytes }))
    : undefined;
  const deliver = openDelivery(parts, config.outbox, {
    ...targetOf(parts, config, project),
    fix: fit?.again,
  });
  onInput(parts, (msg, send) => deliver(msg, send, () => shipmentOf(parts, config, project, msg, fit)));
}

function targetOf(
  { RED, node }: NodeParts,
  config: UploadConfig,
  { client, memory, disk }: OpenProject,
): Target<Job, Uploaded> {
  const token = isFixed(config) ? fixedSecret(RED, node, config, 'accessToken') : undefined;
  const device = token && laneKey(token);
  return {
    system: 'thingscloud',
    memory,
    disk: {
      ...disk,
      // What waits from before the token was changed goes to the same device as the rest.
      ...(device && { deviceOf: () => device }),
      secrets: () => [...(disk.secrets?.() ?? []), ...(token ? [token] : [])],
    },
    send({ job: { identifier }, body: picture, secret }, { signal }) {
      const accessToken = secret ?? fixedSecret(RED, node, config, 'accessToken');
      return client.upload({ accessToken, identifier, picture }, { signal });
    },
    proof: ({ answer, url }) => ({ payload: answer, upload: { url } }),
  };
}

async function shipmentOf(
  parts: NodeParts,
  config: UploadConfig,
  { client }: OpenProject,
  msg: Message,
  fit: AutoFit | undefined,
): Promise<Shipment<Job>> {
  const accessToken = await messageSecret(parts, config, 'accessToken', msg, ACCESS_TOKEN);
  if (accessToken === '') throw missing(ACCESS_TOKEN);
  const identifier = await requiredText(parts, typedProperty(config, 'identifier'), msg, IDENTIFIER);
  const picture = picturePayload(msg, 'thingscloud');
  const body = fit ? await fit(picture, msg) : picture;
  // Checked before it waits, so that what can never be sent holds nothing up.
  client.check(body);
  return {
    lane: accessToken,
    body,
    job: { identifier },
    // The node's own is read anew for each picture: it may have been mended while pictures waited.
    ...(!isFixed(config) && { secret: accessToken }),
  };
}

function isFixed(config: UploadConfig): boolean {
  const { type } = secretSource(config, 'accessToken');
  return type === 'cred' || type === 'env';
}
