/** How a route of a dialog answers. Loaded with the first press of a button. */
import { isSnapflowError, SnapflowError } from '../../lib/errors';
import { describeError, languageOf } from '../../lib/texts';
import type { AdminAction } from './admin';
import type { AdminRequest, AdminResponse } from './red';

/** HTTP status of a failed action. Never 401: the editor would take it for its own login. */
const FAILED = 422;

export async function answer<B>(
  request: AdminRequest,
  response: AdminResponse,
  action: AdminAction<B>,
): Promise<void> {
  const language = languageOf(request.headers['accept-language']);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const reply = await action(jsonBody(request) as B, { signal: gone.signal, language });
    response.status(200).json(reply);
  } catch (error) {
    response.status(isSnapflowError(error) ? FAILED : 500).json({
      code: isSnapflowError(error) ? error.code : 'UNEXPECTED',
      message: describeError(error, language),
      details: isSnapflowError(error) ? error.details : undefined,
    });
  }
}

/** A page of another site can send a form, but JSON only with this server's consent: so only JSON counts. */
function jsonBody({ headers, body }: AdminRequest): object {
  if (!headers['content-type']?.startsWith('application/json') || typeof body !== 'object' || body === null) {
    throw new SnapflowError('BAD_INPUT', 'This address takes JSON from the Node-RED editor only.');
  }
  return body;
}
