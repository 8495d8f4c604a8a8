/** What the OneNET nodes offer: the operations of the library, and what only a running flow can do. */
import type { Language } from '../../lib/texts';
import { text } from '../../lib/texts/mark';
import {
  describeOperation,
  operations,
  uploadFile,
  uploadPicture,
  type AnyOperation,
  type OperationDescription,
  type OperationInfo,
} from '../../lib/onenet';
import { channel } from '../../lib/onenet/common-fields';
import * as field from '../../lib/onenet/fields';

/** The fields of *watch*: fixed when the flow is deployed. */
export const WATCH_FIELDS = {
  ...channel,
  intervalSeconds: field.initially(field.integer(text('Look every (seconds)'), { min: 1, max: 86_400 }), 60),
  lateHours: field.initially(
    field.number(text('Pictures may be late by (hours)'), { min: 0.1, max: 720 }),
    24,
  ),
};

export const watchPictures: OperationInfo<typeof WATCH_FIELDS> = {
  id: 'ON-5.2w',
  name: 'watchPictures',
  chapter: '5.2',
  node: 'onenet-picture',
  title: text('Watch for new pictures'),
  output: 'picture',
  sideEffects: false,
  masterKey: false,
  fields: WATCH_FIELDS,
};

/** Every operation that a dialog offers, in the order of the document. */
export const nodeOperations: readonly OperationInfo[] = operations.flatMap((operation) =>
  operation === uploadPicture ? [watchPictures, operation] : [operation],
);

/** An operation as the dialogs show it. */
export interface ShownOperation extends OperationDescription {
  /** Runs by itself: its fields cannot come from a message. */
  runsByItself: boolean;
  /** May be tried from the dialog. */
  canTry: boolean;
  /** What it uploads may wait in memory or on disk. */
  waits: boolean;
}

export function shownOperations(language: Language): ShownOperation[] {
  return nodeOperations.map((operation) => ({
    ...describeOperation(operation, language),
    runsByItself: operation === watchPictures,
    canTry: operation !== watchPictures && canTry(operation),
    waits: operation === uploadPicture || operation === uploadFile,
  }));
}

/** What changes something only on purpose of the one who presses the button, and can be undone. */
const HARMLESS: ReadonlySet<string> = new Set(['movePtz', 'takePicture']);

export function canTry({ name, sideEffects }: Pick<AnyOperation, 'name' | 'sideEffects'>): boolean {
  return !sideEffects || HARMLESS.has(name);
}
