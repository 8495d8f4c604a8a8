/**
 * What devices call over HTTP (chapter 二, the later edition, and what was seen of real cameras). Paths are
 * below the base path; case, doubled and trailing slashes do not matter.
 */
export type Route = 'face' | 'event' | 'vehicle' | 'info' | 'ota' | 'access' | 'picture' | 'time';

const ROUTES: Readonly<Record<string, Route>> = {
  '/api/v1/adapter/lenfocus/face/capture': 'face',
  '/api/v1/face/capture': 'face',
  '/api/v1/device/report/event': 'event',
  '/api/v1/vehicle/capture': 'vehicle',
  '/api/v1/adapter/lenfocus/vehicle/capture': 'vehicle',
  '/api/v1/device/report/info': 'info',
  '/api/v1/ota/query': 'ota',
  '/api/v1/access/record': 'access',
  '/api/v1/access/upload/base64img': 'picture',
  '/api/v1/server/time': 'time',
};

export function routeOf(path: string): Route | undefined {
  return Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
}

/** The path of a request in the form that the routes have, without its query. */
export function canonicalPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return `/${path.toLowerCase().split('/').filter(Boolean).join('/')}`;
}

/** What is left of a path below a base path; undefined when it is not below it. */
export function belowBase(path: string, base: string): string | undefined {
  if (base === '/') return path;
  if (path === base) return '/';
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}
