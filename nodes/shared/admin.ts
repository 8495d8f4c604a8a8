/**
 * Routes for the editor. Those for the buttons of the dialogs: JSON in, JSON out, errors in the language of the browser.
 */
import type { Language } from '../../lib/texts';
import type { Red } from './red';

/** Whoever may deploy may do all that a button does; nobody else can make Node-RED call out. */
const PERMISSION = 'flows.write';

/** Who sees the badge of a node may see its picture: as with the debug sidebar, whoever may read the flows. */
const VIEW_PERMISSION = 'flows.read';

export interface Asker {
  /** Aborted when the browser goes away. */
  signal: AbortSignal;
  language: Language;
}

export type AdminAction<B> = (body: B, asker: Asker) => object | Promise<object>;

/**
 * Adds a route. Call it once, when the module is loaded, never in a node's constructor.
 * @param path below the admin root, starting with `/snapflow/`
 * @param action gets the request's JSON; its value is sent as JSON; what it throws is sent as
 *   `{ code, message, details }`. It requires what it needs itself, as the set-up of a node does.
 */
export function adminAction<B>(RED: Red, path: `/snapflow/${string}`, action: AdminAction<B>): void {
  RED.httpAdmin.post(path, RED.auth.needsPermission(PERMISSION), (request, response) => {
    const { answer } = require('./admin-answer') as typeof import('./admin-answer');
    void answer(request, response, action);
  });
}

/** The Node-REDs of this process that have the route: every node module has a `RED` of its own. */
const withView = new WeakSet<object>();

/** Adds the route of the last pictures of all nodes, once. */
export function addViewRoute(RED: Red): void {
  if (withView.has(RED.httpAdmin)) return;
  withView.add(RED.httpAdmin);
  RED.httpAdmin.get('/snapflow/view/:id', RED.auth.needsPermission(VIEW_PERMISSION), (request, response) => {
    const { answerView } = require('./node-view-route') as typeof import('./node-view-route');
    answerView(RED, request, response);
  });
}
