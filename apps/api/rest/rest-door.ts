import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import type { FastifyInstance, FastifyPluginAsync, HTTPMethods, RouteHandlerMethod } from 'fastify';
import type { ApiDependencies } from '../api-dependencies.js';
import { HttpFault } from '../errors/http-fault.js';
import { sendFault } from '../errors/send-fault.js';
import { authentication } from '../http/authentication.js';
import { decodeBody } from '../http/decode-body.js';
import type { Live } from '../live/live.js';
import { routePath } from './door-path.js';
import { operationHandler } from './operation-handler.js';
import { YAML_MEDIA_TYPES } from './read-input.js';
import { reportFileHandler } from './report-file.js';
import { SCAN_FINDINGS_PATH, scanFindingsHandler } from './scan-findings.js';
import { SCAN_EVENTS_PATH, scanEventsHandler } from './scan-events.js';
import { isSchemaDownload, RULE_PACK_SCHEMA_PATH, rulePackSchemaHandler } from './rule-pack-schema.js';
import { isSignedDownload, REPORT_FILE_PATH } from './signed-download.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** REST under its prefix: every operation of the table at its path, report files, the schema of rule packs, and what one scan is and found as streams. Nothing here knows one from another. */
export function restDoor(deps: ApiDependencies, live: Live): FastifyPluginAsync {
  return async (server) => {
    const authenticate = authentication(deps);
    server.addHook('onRequest', async (request) => {
      if (!isSignedDownload(request) && !isSchemaDownload(request)) await authenticate(request);
    });
    server.setErrorHandler((error, request, reply) => sendFault(error, request, reply, deps.logger));
    server.setNotFoundHandler(() => {
      throw new HttpFault(404, 'NOT_FOUND', 'Nothing is served at this address; /api/docs lists what is.');
    });
    server.addContentTypeParser(
      YAML_MEDIA_TYPES,
      { parseAs: 'buffer' },
      async (_request: unknown, body: string | Buffer) => decodeBody(body),
    );
    const beside: Readonly<Record<string, RouteHandlerMethod>> = {
      [REPORT_FILE_PATH]: reportFileHandler(deps),
      [SCAN_EVENTS_PATH]: scanEventsHandler(deps, live),
      [SCAN_FINDINGS_PATH]: scanFindingsHandler(deps),
      [RULE_PACK_SCHEMA_PATH]: rulePackSchemaHandler(),
    };
    const paths = new Map<string, HTTPMethods[]>();
    for (const [url, handler] of Object.entries(beside)) {
      server.get(url, handler);
      paths.set(url, ['GET']);
    }
    for (const [name, spec] of Object.entries(OPERATIONS) as [OperationName, OperationSpec][]) {
      const url = routePath(spec.rest.path);
      server.route({ method: spec.rest.method, url, handler: operationHandler(name, spec, deps, live) });
      paths.set(url, [...(paths.get(url) ?? []), spec.rest.method]);
    }
    for (const [url, methods] of paths) refuseOtherMethods(server, url, methods);
  };
}

/** https://www.rfc-editor.org/rfc/rfc9110#status.405 */
function refuseOtherMethods(server: FastifyInstance, url: string, methods: readonly HTTPMethods[]): void {
  const others = METHODS.filter((method) => !methods.includes(method));
  const allow = (methods.includes('GET') ? [...methods, 'HEAD'] : methods).join(', ');
  server.route({
    method: others,
    url,
    handler: async () => {
      throw new HttpFault(405, 'INPUT_INVALID', `This address takes ${allow}.`, { headers: { allow } });
    },
  });
}
