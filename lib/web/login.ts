/** How a request proves who it is from. */
import type { HttpClientOptions } from '../http/types';

/**
 * - `digest`: user and password are proved, not sent; over https also Basic, where the server knows nothing else
 * - `basic`: user and password are sent with every request; readable by all on the way unless it is https
 * - `bearer`: a token is sent with every request
 */
export type Login =
  | { kind: 'none' }
  | { kind: 'digest' | 'basic'; username: string; password: string }
  | { kind: 'bearer'; token: string };

/** What the client is told, and the headers that every request of its gets. */
export function clientLogin(login: Login): {
  client: Pick<HttpClientOptions, 'credentials'>;
  headers: Record<string, string>;
} {
  switch (login.kind) {
    case 'none':
      return { client: {}, headers: {} };
    case 'digest':
      return { client: { credentials: { username: login.username, password: login.password } }, headers: {} };
    case 'basic': {
      const pair = Buffer.from(`${login.username}:${login.password}`).toString('base64');
      return { client: {}, headers: { authorization: `Basic ${pair}` } };
    }
    case 'bearer':
      return { client: {}, headers: { authorization: `Bearer ${login.token}` } };
  }
}
