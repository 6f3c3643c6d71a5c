import type { AdmissionRecord, OperationName } from '#application';
import { SEVERITIES, type Severity } from '#core';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestParts } from './read-input.js';
import { strictQuery } from './strict-query.js';

const NAMES = SEVERITIES.map((severity) => severity.toUpperCase());

/** The least severity that counts as a failure, as addresses have it. */
export const failOn = z
  .string()
  .toLowerCase()
  .pipe(z.enum(SEVERITIES, `expected one of ${NAMES.join(', ')}`));

export const FAIL_ON_SCHEMA = { enum: NAMES } as const;

/** Operations whose answer can be a failure for whoever asks it to be: `?failOn=medium`. */
export function fails(name: OperationName): boolean {
  return name === 'checkTags';
}

/** null when nobody asks for it. @throws HygieneError INPUT_INVALID */
export function readFailOn(request: Pick<FastifyRequest, 'query'>): Severity | null {
  const query = request.query as Record<string, unknown>;
  if (!Object.hasOwn(query, 'failOn')) return null;
  return strictQuery({ query: { failOn: query['failOn'] } }, { failOn }).failOn;
}

/** The request as it is without that parameter: what the operation reads. */
export function withoutFailOn({ query, params, body, headers }: RequestParts): RequestParts {
  const { failOn: _failOn, ...rest } = query as Record<string, unknown>;
  return { query: rest, params, body, headers };
}

/** 422 when something is as severe, so that `curl --fail` fails; the answer is the same. */
export function admissionStatus({ worst }: AdmissionRecord, least: Severity | null): 200 | 422 {
  if (least === null || worst === null) return 200;
  return SEVERITIES.indexOf(worst) >= SEVERITIES.indexOf(least) ? 422 : 200;
}

export const FAIL_ON_DOCS = {
  name: 'failOn',
  in: 'query',
  required: false,
  description: 'Answer 422 when a finding is at least as severe; the body is the same.',
  schema: FAIL_ON_SCHEMA,
} as const;
