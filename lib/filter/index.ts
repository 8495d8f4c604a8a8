export { FIELDS, OPERATORS, type Condition, type Field, type Operator, type ReadField } from './conditions';
export type { Decision, HoldReason, PassReason } from './decision';
export { PictureFilter, type Candidate, type Seen, type Verdict } from './filter';
export type { Look } from './look';
export { weightsOf, type Region } from './mask';
export { THRESHOLD, type FilterOptions, type RateKey } from './options';
export { replay, type Recorded, type Replayed } from './replay';
export type { TimeWindow } from './time-window';
