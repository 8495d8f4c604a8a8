/**
 * Translations of error sentences, keyed by the English text itself (as gettext does), so that a program
 * without Node-RED has them too and no key can drift from its sentence. One catalogue per language and system.
 */
import { fillText, isSnapflowError, type SnapflowError, type TextValues } from '../errors';
import zhAssetscontrols from './zh-CN/assetscontrols.json';
import zhCommon from './zh-CN/common.json';
import zhDelivery from './zh-CN/delivery.json';
import zhFilter from './zh-CN/filter.json';
import zhFit from './zh-CN/fit.json';
import zhHttp from './zh-CN/http.json';
import zhHuawei from './zh-CN/huawei.json';
import zhLenfocus from './zh-CN/lenfocus.json';
import zhNodes from './zh-CN/nodes.json';
import zhOnenet from './zh-CN/onenet.json';
import zhSimulators from './zh-CN/simulators.json';
import zhThingscloud from './zh-CN/thingscloud.json';

export type Language = 'en-US' | 'zh-CN';

const catalogues: Record<Language, Record<string, string>> = {
  'en-US': {},
  'zh-CN': {
    ...zhAssetscontrols,
    ...zhCommon,
    ...zhDelivery,
    ...zhFilter,
    ...zhFit,
    ...zhHttp,
    ...zhHuawei,
    ...zhLenfocus,
    ...zhNodes,
    ...zhOnenet,
    ...zhSimulators,
    ...zhThingscloud,
  },
};

/** The nearest language we have: any Chinese → zh-CN, all else → en-US. */
export function languageOf(tag: string | undefined): Language {
  return tag?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
}

/** A text in a language, its places filled; falls back to the English text. */
export function translate(text: string, language: Language, values?: TextValues): string {
  return fillText(catalogues[language][text] ?? text, values);
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
  return catalogues[language];
}
