/** Reports that a simulated Lenfocus camera sends when a message asks for one. */
import { SnapflowError } from '../../lib/errors';
import { SimulatedLenfocusFleet, type SimulatedLenfocusCamera, type Simulator } from '../../lib/simulators';
import type { Message } from '../shared/red';

type Report = (camera: SimulatedLenfocusCamera, msg: Message) => Promise<unknown>;

const REPORTS: Readonly<Record<string, Report>> = {
  face: (camera) => camera.pushFace(),
  vehicle: (camera) => camera.pushVehicle(),
  alarm: (camera, { type }) => camera.pushAlarm(typeof type === 'number' ? type : 1),
  info: (camera) => camera.pushInfo(),
  access: (camera) => camera.pushAccess(),
  picture: (camera) => camera.pushPicture(),
  ota: (camera) => camera.queryOta(),
};

/**
 * Sends the report `msg.report` of the first camera. False when the message asks for none.
 * @throws SnapflowError `BAD_INPUT` for one that it does not know, `DEVICE_OFFLINE` while it is not let in
 */
export async function sendReport(simulator: Simulator, msg: Message): Promise<boolean> {
  const [camera] = simulator instanceof SimulatedLenfocusFleet ? simulator.cameras : [];
  const { report: name } = msg;
  if (camera === undefined || typeof name !== 'string') return false;
  const report = Object.hasOwn(REPORTS, name) ? REPORTS[name] : undefined;
  if (!report) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The simulated camera has no report "{{name}}". It has: {{names}}.',
      {
        values: { name, names: Object.keys(REPORTS).join(', ') },
      },
    );
  }
  if (!camera.online) {
    throw new SnapflowError(
      'DEVICE_OFFLINE',
      'The simulated camera is not connected: it has no report to send.',
    );
  }
  await report(camera, msg);
  return true;
}
