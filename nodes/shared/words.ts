/** Words shared by all nodes: the catalogue of the plugin `snapflow` (nodes/shared/locales). */
import { languageOf, type Language } from '../../lib/texts';
import type { Red } from './red';

/** i18n namespace of the plugin: package name and the plugin's key in package.json. */
const NAMESPACE = '@snapflow/node-red-snapflow/snapflow';

/** The full locale key of a shared word, for `RED._`, for status texts and for the editor alike. */
export function sharedKey(key: string): string {
  return `${NAMESPACE}:${key}`;
}

/** The language in which the runtime itself speaks: log, and errors that reach Catch nodes. */
export function runtimeLanguage(RED: Red): Language {
  return languageOf(RED._(sharedKey('language')));
}
