import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import type { ApiConfig } from '../api-dependencies.js';
import { offeredTypes } from '../rest/export.js';
import { YAML_TYPE } from '../rest/media-types.js';
import { FAIL_ON_DOCS, fails } from '../rest/fail-on.js';
import { WAIT_DOCS, waits } from '../rest/wait.js';
import { PRESENTERS } from '../rest/presenters.js';
import { takesDocument } from '../rest/read-input.js';
import { answerSchemas, referenceTo } from './answer-schemas.js';
import type { JsonSchema } from './json-schema.js';
import { parametersOf, requestBodyOf } from './request-docs.js';
import { problemSchema, reportFileDocs, rulePackSchemaDocs } from './fixed-docs.js';
import { scanAddressDocs } from './scan-docs.js';

/** OpenAPI 3.1 of the REST face, made from the table of operations: nothing is written twice, nothing can be left out. */
export function openApi(config: Pick<ApiConfig, 'publicUrl' | 'version'>): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {
    ...reportFileDocs(),
    ...rulePackSchemaDocs(),
    ...scanAddressDocs(),
  };
  for (const [name, spec] of Object.entries(OPERATIONS) as [OperationName, OperationSpec][]) {
    const path = (paths[spec.rest.path] ??= {});
    path[spec.rest.method.toLowerCase()] = operationDocs(name, spec);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tagward REST API',
      version: config.version,
      summary: 'Tag hygiene: the same operations as GraphQL, under the same names.',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${config.publicUrl.replace(/\/+$/, '')}/api/v1` }],
    security: [{ token: [] }],
    tags: [...new Set(Object.values(OPERATIONS).map(({ noun }) => noun))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token, `twd_…`, or a token of the identity provider.',
        },
      },
      schemas: { ...answerSchemas(), Problem: problemSchema },
      responses: { Problem: problemResponse },
    },
  };
}

const DESCRIPTION = [
  'Lists are paged: `first` (1 to 200) and `after`; the `Link` header and `nextCursor` lead on, `total=true` counts.',
  'Long lists come whole as `application/x-ndjson` or `text/csv`, streamed, when `Accept` asks for it.',
  'Errors are problem documents (RFC 9457) with the same `code` that GraphQL gives in `extensions.code`.',
].join('\n\n');

const problemResponse = {
  description: 'What is wrong, and how to mend it.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function operationDocs(name: OperationName, spec: OperationSpec): Record<string, unknown> {
  const scope =
    spec.scope === null ? 'Any valid token may do this.' : `Takes a token with the scope ${spec.scope}.`;
  const narrowed = spec.narrowed === 'refused' ? ' Tokens narrowed to some targets are refused.' : '';
  const body = requestBodyOf(name, spec);
  return {
    operationId: name,
    tags: [spec.noun],
    summary: spec.summary,
    description: `${scope}${narrowed}`,
    parameters: [
      ...parametersOf(name, spec),
      ...(waits(name) ? [WAIT_DOCS] : []),
      ...(fails(name) ? [FAIL_ON_DOCS] : []),
    ],
    ...(body === null ? {} : { requestBody: body }),
    responses: {
      [String(spec.rest.status)]: successOf(name, spec),
      ...(name === 'startScan' ? { '200': endedInTime(name, spec) } : {}),
      ...(fails(name) ? { '422': failed(name, spec) } : {}),
      ...(takesDocument(spec) && spec.kind === 'mutation'
        ? { '412': { $ref: '#/components/responses/Problem' } }
        : {}),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function successOf(name: OperationName, spec: OperationSpec): Record<string, unknown> {
  const { schema } = PRESENTERS[name];
  if (schema === null) return { description: 'Done.' };
  const row = referenceTo(schema);
  const content: Record<string, unknown> = { 'application/json': { schema: spec.paged ? pageOf(row) : row } };
  for (const type of offeredTypes(name).slice(1)) content[type] = { schema: { type: 'string' } };
  if (name === 'rulePack') content[YAML_TYPE] = { schema: { type: 'string' } };
  return { description: spec.summary, content };
}

/** Whoever waits may get the scan as it ended. */
function endedInTime(name: OperationName, spec: OperationSpec): Record<string, unknown> {
  return { ...successOf(name, spec), description: 'The scan, which ended within `wait` seconds.' };
}

/** For whoever asks for a failure. */
function failed(name: OperationName, spec: OperationSpec): Record<string, unknown> {
  return { ...successOf(name, spec), description: 'A finding is at least as severe as `failOn`.' };
}

function pageOf(row: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['items', 'nextCursor', 'hasNextPage'],
    properties: {
      items: { type: 'array', items: row },
      nextCursor: { type: ['string', 'null'] },
      hasNextPage: { type: 'boolean' },
      total: { type: 'integer', description: 'Only with `total=true`.' },
    },
  };
}
