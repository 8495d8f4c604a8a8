/** An operation of the protocol as data: where it goes, what it takes, how its answer reads. */
import type { Named } from '../../tables/names';
import type { FieldSpec } from '../fields';

export interface Operation {
  /** Section of the document; `later` for those of its later edition. */
  section: string;
  label: Named;
  uri: string;
  /** Other uris of the same operation, tried in turn when a device answers 404. */
  otherUris?: readonly string[];
  fields: readonly FieldSpec[];
  /** There when the answer is one page of a list. */
  list?: {
    /** Number of the first page: 0 or 1, as the document's example has it. */
    firstPage: 0 | 1;
    maxPageSize: number;
  };
}
