/** Numbers of the protocol and what they are called, in both languages. */

export interface Named {
  en: string;
  zh: string;
}

/** A number as the camera sent it, with its name when the chosen table has one. Unknown numbers pass through. */
export interface Coded extends Partial<Named> {
  code: number;
}

export type NameTable = Readonly<Record<number, Named>>;

export function nameCode(table: NameTable, code: number): Coded;
export function nameCode(table: NameTable, code: number | undefined): Coded | undefined;
export function nameCode(table: NameTable, code: number | undefined): Coded | undefined {
  return code === undefined ? undefined : { code, ...table[code] };
}

/** A table from rows `number, English, Chinese`. */
export function tableOf(rows: ReadonlyArray<readonly [number, string, string]>): NameTable {
  return Object.fromEntries(rows.map(([code, en, zh]) => [code, { en, zh }]));
}

/**
 * Which edition's numbers a fleet uses: `document` is the specification of 2024-09-06; `later` is what newer
 * firmware and edge boxes of the same family send, where alarm types 12–15 have other meanings.
 */
export type Edition = 'document' | 'later';
