/** The page that shows people what has arrived: per device the newest picture, the ones before it small. */
import { translate, type Language } from '../../texts';
import { text } from '../../texts/mark';
import type { StoredPicture } from './store';

export interface PageFacts {
  pictures: readonly StoredPicture[];
  language: Language;
  /** Text of the fault that is on. */
  fault: string | undefined;
}

const TITLE = text('ThingsCloud simulator');
const LEAD = text('Pictures that devices have uploaded. The page renews itself every two seconds.');
const EMPTY = text('No picture yet. Upload one, and it appears here.');
const FAULT = text('Fault switched on: {{fault}}');
const FACTS = text('{{time}} · attribute {{identifier}} · {{kilobytes}} kB {{format}}');
const EARLIER = 6;

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 72rem; margin: 0 auto; padding: 1.5rem; background: Canvas; color: CanvasText; }
  h1 { font-size: 1.4rem; margin: 0; }
  h2 { font-size: 1.1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
  section, .note { border: 1px solid color-mix(in srgb, CanvasText 25%, transparent); border-radius: .5rem; padding: 1rem; }
  .note { border-color: #c60; }
  img { display: block; width: 100%; border-radius: .25rem; }
  p { margin: .5rem 0 1rem; }
  section p { margin: .5rem 0; font-size: .875rem; }
  nav { display: grid; grid-template-columns: repeat(${EARLIER}, 1fr); gap: .25rem; }
`;

export function statusPage({ pictures, language, fault }: PageFacts): string {
  const say = (words: string, values?: Record<string, string>) => escape(translate(words, language, values));
  const sections = byDevice(pictures).map(([device, own]) => section(device, own, language));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>${say(TITLE)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${say(TITLE)}</h1>
<p>${say(LEAD)}</p>
${fault === undefined ? '' : `<p class="note">${say(FAULT, { fault: translate(fault, language) })}</p>`}
${sections.length > 0 ? `<main>${sections.join('\n')}</main>` : `<p class="note">${say(EMPTY)}</p>`}
</body>
</html>
`;
}

/** Sorted by name, so that a device keeps its place on the page. */
function byDevice(pictures: readonly StoredPicture[]): Array<[string, StoredPicture[]]> {
  const devices = new Map<string, StoredPicture[]>();
  for (const picture of pictures) {
    devices.set(picture.device, [...(devices.get(picture.device) ?? []), picture]);
  }
  return [...devices].sort(([one], [other]) => one.localeCompare(other));
}

function section(device: string, [newest, ...earlier]: StoredPicture[], language: Language): string {
  if (!newest) return '';
  const facts = translate(FACTS, language, {
    time: newest.at.toLocaleTimeString(language, { hourCycle: 'h23' }),
    identifier: newest.identifier,
    kilobytes: (newest.data.length / 1000).toFixed(1),
    format: newest.format.toUpperCase(),
  });
  return `<section>
<h2>${escape(device)}</h2>
${image(newest, device)}
<p>${escape(facts)}</p>
<nav>${earlier
    .slice(0, EARLIER)
    .map((picture) => image(picture, device))
    .join('')}</nav>
</section>`;
}

function image({ name, at }: StoredPicture, device: string): string {
  const words = escape(`${device}, ${at.toISOString()}`);
  return `<a href="/pictures/${name}"><img src="/pictures/${name}" alt="${words}" title="${words}"></a>`;
}

function escape(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
