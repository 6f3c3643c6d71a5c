import { API_ERROR_CODES } from '../errors/error-table.js';
import { RULE_PACK_SCHEMA_PATH, SCHEMA_TYPE } from '../rest/rule-pack-schema.js';

/** https://www.rfc-editor.org/rfc/rfc9457 with our members. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'reason', 'faults', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, where, what was expected, how to mend it.' },
    instance: { type: 'string' },
    code: { enum: [...API_ERROR_CODES], description: 'The same as `extensions.code` of GraphQL.' },
    reason: { type: 'string', description: 'The stable, finer code.' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    requestId: { type: 'string' },
    diagnostics: { type: 'array', items: { $ref: '#/components/schemas/Diagnostic' } },
  },
} as const;

/** What editors check rule packs by. */
export function rulePackSchemaDocs(): Record<string, Record<string, unknown>> {
  return {
    [RULE_PACK_SCHEMA_PATH]: {
      get: {
        operationId: 'rulePackSchema',
        tags: ['rule-packs'],
        summary: 'The JSON Schema (draft 2020-12) of rule packs, for editors.',
        description: 'Takes no token: it says nothing of what is stored.',
        security: [{}],
        responses: {
          '200': {
            description: 'The schema of the packs that this version reads.',
            content: { [SCHEMA_TYPE]: { schema: { type: 'object' } } },
          },
          '304': { description: 'The schema is the one that the caller has.' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
  };
}

/** An address that is not an operation of the table: it streams what an operation made. */
export function reportFileDocs(): Record<string, Record<string, unknown>> {
  const problem = { $ref: '#/components/responses/Problem' };
  const parameter = (name: string, place: 'path' | 'header' | 'query', schema: object) => ({
    name,
    in: place,
    required: place === 'path',
    schema,
  });
  return {
    '/reports/{id}/files/{format}': {
      get: {
        operationId: 'reportFile',
        tags: ['reports'],
        summary: 'Downloads one file of a report; ranges and ETag are honoured.',
        description:
          'Takes a token with the scope READ, or the query of a link that `signReportFile` made for this file.',
        security: [{ token: [] }, {}],
        parameters: [
          parameter('id', 'path', { type: 'string' }),
          parameter('format', 'path', { enum: ['html', 'csv', 'json', 'xlsx', 'pdf'] }),
          parameter('expires', 'query', { type: 'string' }),
          parameter('signature', 'query', { type: 'string' }),
          parameter('Range', 'header', { type: 'string' }),
          parameter('If-Range', 'header', { type: 'string' }),
          parameter('If-None-Match', 'header', { type: 'string' }),
        ],
        responses: {
          '200': { description: 'The file.', content: { '*/*': {} } },
          '206': { description: 'The part of the file that was asked for.', content: { '*/*': {} } },
          '304': { description: 'The file is the one that the caller has.' },
          '416': problem,
          default: problem,
        },
      },
    },
  };
}
