import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import plugin from 'fastify-plugin';
import { stringify } from 'yaml';
import type { ApiConfig } from '../api-dependencies.js';
import { openApi } from './openapi.js';

/** Swagger UI writes style attributes; its script and images are files of this service. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** OpenAPI at `/api/docs/json` and `/api/docs/yaml`, to read and try at `/api/docs`. */
export async function apiDocs(server: FastifyInstance, config: ApiConfig): Promise<void> {
  const document = openApi(config);
  const yaml = stringify(document, { aliasDuplicateObjects: false });
  await server.register(
    plugin(
      async (instance) => {
        instance.decorate('swagger', (options?: { yaml?: boolean }) =>
          options?.yaml === true ? yaml : document,
        );
      },
      { name: '@fastify/swagger' },
    ),
  );
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: POLICY,
    theme: { title: 'Tagward REST API' },
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      deepLinking: true,
      persistAuthorization: false,
      filter: true,
    },
  });
}
