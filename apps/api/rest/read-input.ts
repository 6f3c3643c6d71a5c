import { HygieneError, type Fault } from '#core';
import type { OperationSpec } from '#application';
import type { FastifyRequest } from 'fastify';
import { HttpFault } from '../errors/http-fault.js';
import { expectedVersion } from './preconditions.js';
import { pathFields } from './door-path.js';

export const YAML_MEDIA_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml'];

/** Where a request says something. */
export type RequestParts = Pick<FastifyRequest, 'query' | 'params' | 'body' | 'headers'>;

/** What one request says, as the one flat object that its operation takes. Nothing is checked here but collisions of places. */
export function readInput(spec: OperationSpec, request: RequestParts): Record<string, unknown> {
  const path = request.params as Record<string, string>;
  const query = readQuery(request.query as Record<string, unknown>, spec.paged);
  const body = spec.rest.method === 'GET' ? noBody(request.body) : readBody(spec, request);
  const headers = readHeaders(spec, request);
  if (spec.rest.method !== 'GET') refuse(Object.keys(query), 'belongs in the body');
  const places = [query, body, headers];
  for (const place of places) {
    refuse(
      Object.keys(place).filter((key) => pathFields(spec.rest.path).includes(key)),
      'is said by the path',
    );
  }
  refuse(
    Object.keys(headers).filter((key) => Object.hasOwn(body, key)),
    'is said by a header, too',
  );
  return { ...query, ...body, ...headers, ...path };
}

/** `total` is the door's own; `labels=team=payments` says a label in an address. */
function readQuery(query: Record<string, unknown>, paged: boolean): Record<string, unknown> {
  const { total: _total, ...rest } = query;
  const input = paged ? rest : { ...query };
  if (input['labels'] === undefined) return input;
  const labels = [input['labels']].flat().filter((label) => typeof label === 'string');
  return { ...input, labels: labels.map(readLabel) };
}

function readLabel(label: string) {
  const equals = label.indexOf('=');
  return equals === -1 ? { key: label } : { key: label.slice(0, equals), value: label.slice(equals + 1) };
}

function readBody(spec: OperationSpec, request: RequestParts): Record<string, unknown> {
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (isYaml(request)) {
    if (typeof body === 'string' && takesDocument(spec)) return { document: body };
    throw new HttpFault(
      415,
      'INPUT_INVALID',
      'This takes a JSON body; send `Content-Type: application/json`.',
    );
  }
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new HygieneError('INPUT_INVALID', 'The body is not a JSON object, like `{ "name": "…" }`.');
}

function noBody(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  throw new HygieneError('INPUT_INVALID', 'A GET request has no body; say it in the query.');
}

function readHeaders(spec: OperationSpec, request: RequestParts): Record<string, unknown> {
  const fields = inputFields(spec);
  const key = request.headers['idempotency-key'];
  const version = fields.has('expectedVersion') ? expectedVersion(request.headers) : undefined;
  return {
    ...(key !== undefined && fields.has('idempotencyKey') ? { idempotencyKey: unquoted(String(key)) } : {}),
    ...(version === undefined ? {} : { expectedVersion: version }),
  };
}

/** The draft of the header has it quoted, most clients send it bare: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
function unquoted(value: string): string {
  return /^"(.*)"$/.exec(value)?.[1] ?? value;
}

/** A rule pack may be sent as itself. */
export function takesDocument(spec: OperationSpec): boolean {
  return spec.rest.method !== 'GET' && inputFields(spec).has('document');
}

function isYaml(request: RequestParts): boolean {
  const type = (request.headers['content-type'] ?? '').split(';')[0] ?? '';
  return YAML_MEDIA_TYPES.includes(type.trim().toLowerCase());
}

export function inputFields(spec: OperationSpec): ReadonlySet<string> {
  const { input } = spec;
  return new Set('shape' in input ? Object.keys(input.shape as object) : []);
}

function refuse(keys: readonly string[], why: string): void {
  if (keys.length === 0) return;
  const faults: Fault[] = keys.map((path) => ({ path, message: why }));
  throw new HygieneError('INPUT_INVALID', faults.map(({ path }) => `${path}: ${why}`).join('; '), { faults });
}
