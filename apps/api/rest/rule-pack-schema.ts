import { createHash } from 'node:crypto';
import { rulePackJsonSchema } from '#core';
import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import { matchesNone } from './preconditions.js';

/** No rule pack has this name: names have no dots. */
export const RULE_PACK_SCHEMA_PATH = '/rule-packs/schema.json';
export const SCHEMA_TYPE = 'application/schema+json';

/** Editors read it, and send no token; it says what the documents of this version are like, and nothing of what is stored. */
export function isSchemaDownload({ method, routeOptions }: FastifyRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') && routeOptions.url?.endsWith(RULE_PACK_SCHEMA_PATH) === true
  );
}

/** The JSON Schema of rule packs. */
export function rulePackSchemaHandler(): RouteHandlerMethod {
  let made: { text: string; etag: string } | null = null;
  return async (request, reply) => {
    made ??= tagged(JSON.stringify(rulePackJsonSchema()));
    void reply.headers({ etag: made.etag, 'cache-control': 'public, max-age=3600' });
    if (matchesNone(request.headers['if-none-match'], made.etag)) return reply.code(304).send();
    return reply.type(`${SCHEMA_TYPE}; charset=utf-8`).send(made.text);
  };
}

function tagged(text: string): { text: string; etag: string } {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}
