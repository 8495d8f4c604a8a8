/** Sends a report with a plain HTTP client, whatever it says. */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostReply {
  status: number;
  body: { code?: number; msg?: string; data?: Record<string, unknown> };
  headers: Record<string, unknown>;
}

export interface PostOptions {
  token?: string;
  method?: string;
  headers?: Record<string, string>;
}

export function post(
  url: string,
  body: unknown,
  { token, method = 'POST', headers = {} }: PostOptions = {},
): Promise<PostReply> {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const options: RequestOptions = {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(!('Transfer-Encoding' in headers) && { 'Content-Length': bytes.length }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const request = (secure ? httpsRequest : httpRequest)(
      url,
      { ...options, ...(secure && { rejectUnauthorized: false }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          // It may be sending still, when it was answered early.
          request.destroy();
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            body: (text === '' ? {} : JSON.parse(text)) as PostReply['body'],
            headers: response.headers,
          });
        });
      },
    );
    request.on('error', reject);
    if ('Expect' in headers) {
      request.on('continue', () => request.end(bytes));
      request.flushHeaders();
    } else {
      request.end(bytes);
    }
  });
}
