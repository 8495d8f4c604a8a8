import { SnapflowError, type TextValues } from '../errors';
import { text } from '../texts/mark';

const MISSING = text('{{name}} is missing.');

/**
 * The address of an endpoint as its user has it: with or without scheme (then https), with or without `/` at its end.
 * @throws SnapflowError `BAD_INPUT`
 */
export function endpointUrl(endpoint: string): string {
  const given = endpoint.trim();
  const url = parse(given.includes('://') ? given : `https://${given}`);
  if (given === '' || !url || !/^https?:$/.test(url.protocol)) {
    throw badInput(
      text('The endpoint is not valid. Write it like upload.example.com or https://upload.example.com.'),
    );
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '' || url.pathname.includes('/device/')) {
    // Not shown: a whole upload address holds an AccessToken.
    throw badInput(
      text(
        'The endpoint is more than an endpoint. Write its host alone, without /device/v1 and what follows.',
      ),
    );
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * A part of a path, percent-encoded.
 * @throws SnapflowError `BAD_INPUT` when empty, or dots that would make it another path
 */
export function pathPart(name: string, value: string): string {
  if (value === '') throw badInput(MISSING, { name });
  const encoded = encode(value);
  if (encoded === undefined || /^\.\.?$/.test(encoded))
    throw badInput(text('{{name}} is not valid.'), { name });
  return encoded;
}

/**
 * The value of a header.
 * @throws SnapflowError `BAD_INPUT` when empty or with characters that no header can carry
 */
export function headerValue(name: string, value: string): string {
  const trimmed = value.trim();
  if (trimmed === '') throw badInput(MISSING, { name });
  if (!/^[\x20-\x7e]+$/.test(trimmed)) {
    throw badInput(text('{{name}} may hold only letters, digits and signs of ASCII.'), { name });
  }
  return trimmed;
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** Undefined for half a surrogate pair. */
function encode(value: string): string | undefined {
  try {
    return encodeURIComponent(value);
  } catch {
    return undefined;
  }
}

function badInput(sentence: string, values?: TextValues): SnapflowError {
  return new SnapflowError('BAD_INPUT', sentence, { system: 'thingscloud', values });
}
