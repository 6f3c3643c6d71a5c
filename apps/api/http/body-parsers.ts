import type { FastifyInstance } from 'fastify';
import { decodeBody } from './decode-body.js';
import { parseJsonBody } from './parse-json-body.js';

/** JSON and nothing else: forms, text and multipart are 415 wherever nobody asked for them. */
export function bodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    ['application/json'],
    { parseAs: 'buffer' },
    async (_request: unknown, body: string | Buffer) => parseJsonBody(decodeBody(body)),
  );
}
