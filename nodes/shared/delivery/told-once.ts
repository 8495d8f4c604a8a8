import type { SnapflowError } from '../../../lib/errors';
import { describeError } from '../../../lib/texts';
import type { NodeParts } from '../node';
import { runtimeLanguage } from '../words';

/** Tells of failures for which no message can be blamed, in the log and the debug sidebar: each once while it lasts. */
export class ToldOnce {
  readonly #parts: NodeParts;
  #told = new Set<string>();

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  /** @param errors all that last now */
  tell(errors: SnapflowError[]): void {
    const { RED, node } = this.#parts;
    const sentences = new Set(errors.map((error) => describeError(error, runtimeLanguage(RED))));
    for (const sentence of sentences) if (!this.#told.has(sentence)) node.warn(sentence);
    this.#told = sentences;
  }
}
