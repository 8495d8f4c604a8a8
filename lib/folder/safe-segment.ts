/** One part of a path that is safe on every system, whatever it is made from. */

/** Bytes of a part in UTF-8; file systems allow 255, and a temporary name or a number is added. */
const MAX_BYTES = 160;
/** Device names of Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const LONGEST_EXTENSION = 12;

export function safeSegment(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]+/gu, '-')
    // A leading dot hides a file and makes `..`; a trailing one, or a blank, vanishes on Windows.
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const short = capped(clean);
  return RESERVED.test(short) ? `_${short}` : short || '_';
}

/** Cut in the middle of the name, never in its extension or in a character. */
function capped(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const dot = text.lastIndexOf('.');
  const extension = dot > 0 && text.length - dot <= LONGEST_EXTENSION ? text.slice(dot) : '';
  let name = extension === '' ? text : text.slice(0, dot);
  const room = MAX_BYTES - Buffer.byteLength(extension);
  name = Buffer.from(name)
    .subarray(0, room)
    .toString()
    .replace(/\uFFFD+$/u, '');
  return name.replace(/[.\s]+$/, '') + extension;
}
