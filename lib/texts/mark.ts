/**
 * Marks an English text that reaches users by way of a table or a variable, so that the test of the
 * catalogues finds it. (Texts written inside `new SnapflowError(…)` are found without a mark.)
 */
export function text(english: string): string {
  return english;
}
