import * as answers from '../rest/answers.js';
import { FAIL_ON_SCHEMA } from '../rest/fail-on.js';
import { EVENT_STREAM_TYPE } from '../rest/media-types.js';
import { CI_FORMATS, DEFAULT_FAIL_ON } from '../rest/scan-findings.js';
import { referenceTo } from './answer-schemas.js';

const problem = { $ref: '#/components/responses/Problem' };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

/** Addresses of one scan that are no operations of the table: they stream what `scan` and `findings` read. */
export function scanAddressDocs(): Record<string, Record<string, unknown>> {
  return { '/scans/{id}/events': { get: eventDocs() }, '/scans/{id}/findings': { get: findingDocs() } };
}

function eventDocs(): Record<string, unknown> {
  return {
    operationId: 'scanEvents',
    tags: ['scans'],
    summary: 'A scan as it runs, as server-sent events.',
    description: [
      'Takes a token with the scope READ. `progress` comes at once and after every change, at most twice a second; `done` once the scan has ended.',
      '`problem`, a problem document, says why the stream ends before that: the token is no longer good, or the scan is gone.',
      'A comment comes every 15 seconds. After `done` a client that comes back with `Last-Event-ID: end` gets 204 and need not try again.',
    ].join('\n\n'),
    parameters: [id, { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
    responses: {
      '200': {
        description: 'Events; the data of `progress` and `done` is a Scan.',
        content: {
          [EVENT_STREAM_TYPE]: {
            schema: { type: 'string', contentSchema: referenceTo(answers.scan) },
          },
        },
      },
      '204': { description: 'The scan has ended, and the caller has seen it end.' },
      '429': problem,
      default: problem,
    },
  };
}

function findingDocs(): Record<string, unknown> {
  const query = (name: string, description: string, schema: object) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  });
  const types = Object.values(CI_FORMATS).map(({ type }) => type);
  return {
    operationId: 'scanFindings',
    tags: ['scans'],
    summary: 'What a scan found and is still open, for CI systems: SARIF 2.1.0 or JUnit XML, streamed.',
    description:
      'Takes a token with the scope READ. A scan that has not ended yet is 409 with `Retry-After`.',
    parameters: [
      id,
      query('format', 'The format, whatever `Accept` says.', { enum: Object.keys(CI_FORMATS) }),
      query('failOn', 'JUnit: the least severity that is a failure; milder findings pass and are told.', {
        ...FAIL_ON_SCHEMA,
        default: DEFAULT_FAIL_ON.toUpperCase(),
      }),
    ],
    responses: {
      '200': {
        description: 'The file.',
        content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }])),
      },
      '406': problem,
      '409': problem,
      default: problem,
    },
  };
}
