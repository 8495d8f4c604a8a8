/** All benches by name. */
import type { Bench } from '../support/bench';
import { accept } from './accept';
import { change } from './change';
import { connect } from './connect';
import { heartbeats } from './heartbeats';
import { idle } from './idle';
import { fit } from './fit';
import { multipart } from './multipart';
import { reports } from './reports';
import { requireBench } from './require';
import { saturation } from './saturation';
import { scenes } from './scenes';
import { snapshot } from './snapshot';
import { start } from './start';
import { surviveBench } from './survive';
import { upload } from './upload';

export const benches: Readonly<Record<string, Bench>> = {
  snapshot,
  multipart,
  upload,
  heartbeats,
  connect,
  idle,
  reports,
  saturation,
  change,
  scenes,
  fit,
  require: requireBench,
  start,
  accept,
  survive: surviveBench,
};
