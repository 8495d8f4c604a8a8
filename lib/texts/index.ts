/**
 * Translations of error sentences, keyed by the English text itself (as gettext does), so that a program
 * without Node-RED has them too and no key can drift from its sentence. One catalogue per language and system.
 */
import { fillText, isSnapflowError, type SnapflowError, type TextValues } from '../errors';

export type Language = 'en-US' | 'zh-CN';

/** The catalogue of a language: English texts are their own. The Chinese one is read on the first text that needs it. */
const catalogues: Record<Language, () => Readonly<Record<string, string>>> = {
  'en-US': () => ({}),
  'zh-CN': () => (require('./zh-CN') as typeof import('./zh-CN')).chinese,
};

/** The nearest language we have: any Chinese → zh-CN, all else → en-US. */
export function languageOf(tag: string | undefined): Language {
  return tag?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
}

/** A text in a language, its places filled; falls back to the English text. */
export function translate(text: string, language: Language, values?: TextValues): string {
  return fillText(catalogues[language]()[text] ?? text, values);
}

/** The sentence of any error in a language; foreign errors keep their own message. */
export function describeError(error: unknown, language: Language): string {
  if (isSnapflowError(error)) return translate(error.text, language, localValues(error, language));
  return error instanceof Error ? error.message : String(error);
}

/** Values that are themselves texts of ours (a platform code's meaning) are translated as well. */
function localValues(error: SnapflowError, language: Language): TextValues {
  return Object.fromEntries(
    Object.entries(error.values).map(([name, value]) => [
      name,
      typeof value === 'string' ? translate(value, language) : value,
    ]),
  );
}

/** For tests: every translated text of a language. */
export function catalogueOf(language: Language): Readonly<Record<string, string>> {
  return catalogues[language]();
}
