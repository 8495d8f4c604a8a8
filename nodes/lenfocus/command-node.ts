/** What a `lenfocus-command` does. */
import { SnapflowError } from '../../lib/errors';
import { isOperation, type CommandReply, type OperationName, type LenfocusServer } from '../../lib/lenfocus';
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import type { Message, NodeConfig, Red } from '../shared/red';
import { requiredText, typedProperty } from '../shared/typed-value';
import { parametersOf, storedFields } from './command-fields';
import type { ServerNode } from './server';
import { numberOr } from './server-options';
import { showTrouble } from './server-status';

export interface CommandConfig extends NodeConfig {
  server?: string;
  operation?: string;
  /** JSON of `StoredFields`. */
  fields?: string;
  /** Fetch a paged list whole. */
  whole?: boolean;
  /** Uri for firmware that has another; empty: as documented. */
  uri?: string;
  /** Seconds. */
  timeout?: string | number;
  whenOffline?: 'error' | 'wait';
  /** Seconds that a command waits for an offline camera. */
  waitFor?: string | number;
}

const DEVICE = text('The SN or did of the camera');

export function setUp(parts: NodeParts, config: CommandConfig): void {
  const { RED, life, status } = parts;
  const serverNode = configNode<ServerNode>(RED, config.server);
  const operation = operationOf(config.operation ?? '');
  const fields = storedFields(config.fields ?? '');
  const options = {
    timeoutMs: numberOr(config.timeout, 10) * 1_000,
    waitMs: config.whenOffline === 'wait' ? numberOr(config.waitFor, 60) * 1_000 : 0,
    whole: config.whole === true,
    signal: life.signal,
    ...(config.uri && operation !== 'custom' && { uri: config.uri }),
  };
  let asking = 0;
  showTrouble(parts, serverNode);

  onInput(parts, async (msg, send) => {
    const device = await requiredText(parts, typedProperty(config, 'device'), msg, DEVICE);
    const params = await parametersOf(parts, operation, fields, msg);
    status.word('busy', 'status.asking');
    asking++;
    try {
      const reply = await run(serverNode.server, device, operation, params, options);
      send(answered(RED, msg, reply));
    } finally {
      asking--;
    }
    if (asking === 0) status.word('ok', 'status.answered');
  });
}

function operationOf(name: string): OperationName {
  if (isOperation(name)) return name;
  throw new SnapflowError('BAD_INPUT', 'Choose what the camera is asked for.', { system: 'lenfocus' });
}

/** The parameters come from a dialog or a message: the server checks them against the fields of the operation. */
function run(
  server: LenfocusServer,
  device: string,
  operation: OperationName,
  params: Record<string, unknown>,
  options: Parameters<LenfocusServer['command']>[3],
): Promise<CommandReply> {
  return server.command(device, operation, params, options);
}

/** The answer as the message's payload; a picture read from the camera as any source sends it. */
function answered(RED: Red, msg: Message, { result, ...command }: CommandReply): Message {
  msg['command'] = command;
  msg.payload = result;
  if (command.operation !== 'readFile') return msg;
  const { data, path, picture } = result as CommandReply<'readFile'>['result'];
  msg['file'] = { path, bytes: data.length };
  msg.payload = data;
  return picture ? (pictureMessages(RED, [picture], msg)[0] ?? msg) : msg;
}
