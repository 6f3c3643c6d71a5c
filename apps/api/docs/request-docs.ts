import type { OperationName, OperationSpec } from '#application';
import { z } from 'zod';
import { pathFields } from '../rest/door-path.js';
import { inputFields, takesDocument } from '../rest/read-input.js';
import type { JsonSchema } from './json-schema.js';
import { TARGET_FIELDS } from './target-docs.js';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** Path and query (lists as repeated values or separated by commas), and the headers that stand for input fields. */
export function parametersOf(name: OperationName, spec: OperationSpec): JsonSchema[] {
  const { properties, required } = inputOf(spec);
  const inPath = pathFields(spec.rest.path);
  const path = inPath.map((field) => ({
    name: field,
    in: 'path',
    required: true,
    schema: properties[field] ?? { type: 'string' },
  }));
  const query =
    spec.rest.method === 'GET'
      ? Object.entries(properties)
          .filter(([field]) => !inPath.includes(field))
          .map(([field, schema]) => queryParameter(field, schema, required.includes(field)))
      : [];
  const total = spec.paged
    ? [
        {
          name: 'total',
          in: 'query',
          required: false,
          description: 'Count all rows, too.',
          schema: { type: 'boolean', default: false },
        },
      ]
    : [];
  return [...path, ...query, ...total, ...headersOf(name, spec)];
}

/** null: the operation takes no body. */
export function requestBodyOf(name: OperationName, spec: OperationSpec): JsonSchema | null {
  if (spec.rest.method === 'GET') return null;
  const inPath = pathFields(spec.rest.path);
  const { properties, required } = inputOf(spec);
  const fields = Object.keys(properties).filter((field) => !inPath.includes(field));
  if (fields.length === 0) return null;
  const needed = required.filter((field) => fields.includes(field));
  const schema = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.map((field) => [field, fieldSchema(name, field, properties[field])]),
    ),
    ...(needed.length === 0 ? {} : { required: needed }),
  };
  const document = { schema: { type: 'string', description: 'The rule pack itself.' } };
  return {
    required: needed.length > 0,
    content: {
      'application/json': { schema },
      ...(takesDocument(spec) ? { 'application/yaml': document, 'text/yaml': document } : {}),
    },
  };
}

function fieldSchema(name: OperationName, field: string, schema: JsonSchema | undefined): JsonSchema {
  const target = name === 'createTarget' || name === 'updateTarget' ? TARGET_FIELDS[field] : undefined;
  return target ?? schema ?? {};
}

function queryParameter(field: string, schema: JsonSchema, required: boolean): JsonSchema {
  if (field === 'labels') {
    return {
      name: field,
      in: 'query',
      required,
      description: 'Labels as `key=value`, repeated.',
      schema: { type: 'array', items: { type: 'string', pattern: '^[^=]+=' } },
    };
  }
  const plain = withoutNull(schema);
  const isList = plain['type'] === 'array';
  return {
    name: field,
    in: 'query',
    required,
    schema: plain,
    ...(isList ? { style: 'form', explode: true } : {}),
  };
}

function headersOf(name: OperationName, spec: OperationSpec): JsonSchema[] {
  const fields = inputFields(spec);
  const header = (title: string, description: string) => ({
    name: title,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...(fields.has('idempotencyKey')
      ? [header('Idempotency-Key', 'The same key and body again give the first answer, with one effect.')]
      : []),
    ...(fields.has('expectedVersion')
      ? [
          header('If-Match', 'The ETag of the version it replaces.'),
          header('If-None-Match', '`*`: it must be new.'),
        ]
      : []),
    ...(name === 'rulePack' ? [header('If-None-Match', 'The ETag of a version that is known already.')] : []),
  ];
}

function inputOf(spec: OperationSpec): ObjectSchema {
  const json = z.toJSONSchema(spec.input, { io: 'input', unrepresentable: 'any' });
  return {
    properties: (json.properties ?? {}) as Record<string, JsonSchema>,
    required: json.required ?? [],
  };
}

/** In an address a field is left out, never null. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const variants = schema['anyOf'];
  if (!Array.isArray(variants)) return schema;
  const rest = (variants as JsonSchema[]).filter(({ type }) => type !== 'null');
  const [only] = rest;
  return rest.length === 1 && only !== undefined ? only : { ...schema, anyOf: rest };
}
