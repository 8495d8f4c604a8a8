/** A server that takes uploads as fast as it can: reads the body, answers like ThingsCloud. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from './child';

const ANSWER = JSON.stringify({ result: 1, image_url: 'https://example.invalid/picture.jpg' });

void answerQuestions(async () => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
      response.end(ANSWER);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
