import type { FastifyInstance } from 'fastify';
import type { ApiConfig } from '../api-dependencies.js';
import { acceptsHtml } from '../http/accepts-html.js';
import { pathOf } from '../http/path-of.js';
import { explorerAssets } from './explorer-assets.js';

/** Monaco makes its style sheets while it runs and its workers from blobs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * GraphiQL for browsers at `GET /graphql`, from this process alone. The page is public as its code is; whatever it shows is
 * asked for with the token that is typed into its headers.
 */
export async function explorer(server: FastifyInstance, config: ApiConfig): Promise<void> {
  if (!config.introspection) return;
  server.addHook('onRequest', async (request, reply) => {
    const asked = request.method === 'GET' && pathOf(request.url) === '/graphql';
    if (!asked || !acceptsHtml(request.headers.accept)) return undefined;
    const { html } = await explorerAssets();
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .header('vary', 'accept')
      .send(html);
  });
  server.get('/graphql/explorer.js', async (request, reply) => {
    const { script } = await explorerAssets();
    void reply
      .type('text/javascript; charset=utf-8')
      .header('etag', script.etag)
      .header('vary', 'accept-encoding')
      .header('cache-control', 'public, no-cache');
    if (request.headers['if-none-match'] === script.etag) return reply.code(304).send();
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(script.plain());
    return reply.header('content-encoding', 'gzip').send(script.gzipped);
  });
}
