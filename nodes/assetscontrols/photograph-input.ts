/** The fields of an `assetscontrols-photograph` node, for one message. */
import type { PhotographInput } from '../../lib/assetscontrols';
import { text } from '../../lib/texts/mark';
import type { NodeParts } from '../shared/node';
import type { Message, NodeConfig } from '../shared/red';
import { requiredText, typedProperty, typedText } from '../shared/typed-value';

export interface PhotographConfig extends NodeConfig {
  account?: string;
  /** `files`: fetch the pictures of a record. Default `photograph`. */
  operation?: 'photograph' | 'files';
  /** What the typed `asset` is. Default `number`. */
  assetBy?: 'number' | 'guid';
  /** `type` of the instruction; that name is Node-RED's own. */
  mode?: PhotographInput['type'];
  resolution?: PhotographInput['resolution'];
  cameraId?: PhotographInput['camera'];
  /** Default `error`. */
  whenBusy?: 'error' | 'retry';
  /** Seconds before each further try. */
  busyPause?: string | number;
  busyTimes?: string | number;
}

const NUMBER = text('The number of the asset');
const GUID = text('The GUID of the asset');
const COUNT = text('Number of pictures');
const DURATION = text('Length of the video (seconds)');
const INTERVAL = text('Seconds between pictures');

/**
 * Only what the mode needs is looked up: the other fields are hidden in the dialog.
 * @throws SnapflowError `BAD_INPUT` when something needed is missing
 */
export async function photographInput(
  parts: NodeParts,
  config: PhotographConfig,
  msg: Message,
): Promise<PhotographInput> {
  const { assetBy = 'number', mode = 'capture', resolution, cameraId } = config;
  const asset = await requiredText(
    parts,
    typedProperty(config, 'asset'),
    msg,
    assetBy === 'guid' ? GUID : NUMBER,
  );
  const read = (name: string, field: string) => typedText(parts, typedProperty(config, name), msg, field);
  const input: PhotographInput = {
    ...(assetBy === 'guid' ? { assetGuid: asset } : { assetNumber: asset }),
    type: mode,
    ...(resolution && { resolution }),
    ...(cameraId && { camera: cameraId }),
  };
  if (mode !== 'record') {
    input.count = await read('count', COUNT);
    if (Number(input.count) > 1) input.intervalSeconds = await read('interval', INTERVAL);
  }
  if (mode !== 'capture') input.durationSeconds = await read('duration', DURATION);
  return input;
}
