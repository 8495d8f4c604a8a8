/**
 * What an operation takes, as data: the server checks it, an editor dialog can render it, and the docs can
 * list it. Names in both languages.
 */
import type { Named } from '../tables/names';

interface FieldBase {
  /** Its name in our parameters. */
  name: string;
  /** Its name in the protocol. */
  wire: string;
  label: Named;
  required: boolean;
  /** Filled in when the parameter is not given. */
  default?: unknown;
  /** What a dialog may start with. Nothing is sent that was not given or defaulted. */
  suggested?: unknown;
}

export type Unit = 'ms' | 's' | 'min' | 'px' | '%';

export interface BooleanField extends FieldBase {
  type: 'boolean';
  /** The document's example has true and false in §1.5, but 1 and 0 in §1.6. */
  as: 'boolean' | 'number';
}

export interface IntegerField extends FieldBase {
  type: 'integer';
  min?: number;
  max?: number;
  unit?: Unit;
}

export interface ChoiceField extends FieldBase {
  type: 'choice';
  choices: ReadonlyArray<{ value: number; label: Named }>;
}

export interface TextField extends FieldBase {
  type: 'text';
  /** Characters. Default 256. */
  maxLength?: number;
  /** Sent as `''` when not given, because the document marks it required. */
  sentEmpty?: true;
}

/** Sent as `yyyy-MM-dd HH:mm:ss`; given as that, as ISO 8601, as a `Date` or as milliseconds. */
export interface TimeField extends FieldBase {
  type: 'time';
}

/** A JPEG, sent as base64; given as its bytes or as base64. */
export interface PictureField extends FieldBase {
  type: 'picture';
}

export interface GroupField extends FieldBase {
  type: 'group';
  fields: readonly FieldSpec[];
}

/** JSON as the user wrote it, for uris that are not described here. */
export interface JsonField extends FieldBase {
  type: 'json';
}

export type FieldSpec =
  BooleanField | IntegerField | ChoiceField | TextField | TimeField | PictureField | GroupField | JsonField;

/** Makes fields shorter to write: `required(integerField('page', 'page_num', 'Page', '页码', { min: 0 }))`. */
export function required<T extends FieldSpec>(field: T): T {
  return { ...field, required: true };
}

type Extra<T extends FieldSpec> = Partial<Omit<T, 'type' | 'name' | 'wire' | 'label' | 'required'>>;

function base(name: string, wire: string, en: string, zh: string): FieldBase {
  return { name, wire, label: { en, zh }, required: false };
}

export function booleanField(
  name: string,
  wire: string,
  en: string,
  zh: string,
  extra: Extra<BooleanField> = {},
): BooleanField {
  return { ...base(name, wire, en, zh), type: 'boolean', as: 'boolean', ...extra };
}

export function integerField(
  name: string,
  wire: string,
  en: string,
  zh: string,
  extra: Extra<IntegerField> = {},
): IntegerField {
  return { ...base(name, wire, en, zh), type: 'integer', ...extra };
}

export function textField(
  name: string,
  wire: string,
  en: string,
  zh: string,
  extra: Extra<TextField> = {},
): TextField {
  return { ...base(name, wire, en, zh), type: 'text', ...extra };
}

export function timeField(name: string, wire: string, en: string, zh: string): TimeField {
  return { ...base(name, wire, en, zh), type: 'time' };
}

export function pictureField(name: string, wire: string, en: string, zh: string): PictureField {
  return { ...base(name, wire, en, zh), type: 'picture' };
}

export function choiceField(
  name: string,
  wire: string,
  en: string,
  zh: string,
  choices: Readonly<Record<number, Named>>,
  extra: Extra<ChoiceField> = {},
): ChoiceField {
  const list = Object.entries(choices).map(([value, label]) => ({ value: Number(value), label }));
  return { ...base(name, wire, en, zh), type: 'choice', choices: list, ...extra };
}

export function groupField(
  name: string,
  wire: string,
  en: string,
  zh: string,
  fields: readonly FieldSpec[],
): GroupField {
  return { ...base(name, wire, en, zh), type: 'group', fields };
}
