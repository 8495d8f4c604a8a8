/** All benches by name. */
import type { Bench } from '../support/bench';
import { multipart } from './multipart';
import { requireBench } from './require';
import { snapshot } from './snapshot';
import { start } from './start';
import { upload } from './upload';

export const benches: Readonly<Record<string, Bench>> = {
  snapshot,
  multipart,
  upload,
  require: requireBench,
  start,
};
