/** Routes for the buttons of the dialogs: JSON in, JSON out, errors in the language of the browser. */
import { isSnapflowError, SnapflowError } from '../../lib/errors';
import { describeError, languageOf, type Language } from '../../lib/texts';
import type { AdminRequest, AdminResponse, Red } from './red';

/** Whoever may deploy may do all that a button does; nobody else can make Node-RED call out. */
const PERMISSION = 'flows.write';

/** HTTP status of a failed action. Never 401: the editor would take it for its own login. */
const FAILED = 422;

export interface Asker {
  /** Aborted when the browser goes away. */
  signal: AbortSignal;
  language: Language;
}

export type AdminAction<B> = (body: B, asker: Asker) => Promise<object>;

/**
 * Adds a route. Call it once, when the module is loaded, never in a node's constructor.
 * @param path below the admin root, starting with `/snapflow/`
 * @param action gets the request's JSON; its value is sent as JSON; what it throws is sent as
 *   `{ code, message, details }`
 */
export function adminAction<B>(RED: Red, path: `/snapflow/${string}`, action: AdminAction<B>): void {
  RED.httpAdmin.post(path, RED.auth.needsPermission(PERMISSION), (request, response) => {
    void answer(request, response, action);
  });
}

async function answer<B>(
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
