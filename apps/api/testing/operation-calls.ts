import { OPERATIONS, type OperationName, type OperationSpec } from '#application';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  OperationTypeNode,
  parse,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { z } from 'zod';
import { measuredOperation } from '../graphql/measured-operation.js';
import { enforceLimits, LIMITS } from '../graphql/operation-limits.js';
import { pathFields } from '../rest/door-path.js';

/** Values by the names of input fields, wherever in an input they stand. */
export type Given = Readonly<Record<string, unknown>>;
type Schema = z.core.JSONSchema.BaseSchema;

/** What passes for a value of fields whose schema says no more than that they are text. */
const EXAMPLES: Given = {
  name: 'labels',
  document: 'pack: labels\nrules: []\n',
  tags: { environment: 'production' },
  secret: { token: 'example' },
  reference: 'i-1',
  resource: 'i-1',
  format: 'html',
};

/** What an operation must have beyond what its schema says. */
const ALSO: Partial<Record<OperationName, Given>> = { explainTag: { reference: 'i-1' } };

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** A call of an operation over REST: what is given, and examples of whatever else it must have. */
export function restCall(name: OperationName, given: Given = {}): RestRequest {
  const { method, path } = OPERATIONS[name].rest;
  const input = exampleOf(inputSchema(OPERATIONS[name]), { ...ALSO[name], ...given }) as Record<
    string,
    unknown
  >;
  const inPath = pathFields(path);
  const address = inPath.reduce(
    (text, field) => text.replace(`{${field}}`, encodeURIComponent(String(input[field]))),
    path as string,
  );
  const rest = Object.entries(input).filter(([field]) => !inPath.includes(field));
  if (method !== 'GET') {
    return rest.length === 0
      ? { method, path: address }
      : { method, path: address, body: Object.fromEntries(rest) };
  }
  const query = new URLSearchParams(
    rest.flatMap(([field, value]) => [value].flat().map((one): [string, string] => [field, String(one)])),
  );
  return { method, path: rest.length === 0 ? address : `${address}?${query}` };
}

/** Names of the fields of an operation's input that name a record by its id. */
export function idFields(name: OperationName): string[] {
  const found = new Set<string>();
  const walk = (schema: Schema): void => {
    for (const [field, inner] of Object.entries(schema.properties ?? {})) {
      if (/^(id|.+Ids?)$/.test(field)) found.add(field);
      walk(withoutNull(inner as Schema));
    }
  };
  walk(inputSchema(OPERATIONS[name]));
  return [...found];
}

/** Those that it cannot do without. */
export function requiredIdFields(name: OperationName): string[] {
  const { required = [] } = inputSchema(OPERATIONS[name]);
  return idFields(name).filter((field) => required.includes(field));
}

function inputSchema(spec: OperationSpec): Schema {
  return z.toJSONSchema(spec.input, { io: 'input', unrepresentable: 'any' });
}

function withoutNull(schema: Schema): Schema {
  const variants = schema.anyOf ?? [];
  return variants.find(({ type }) => type !== 'null') ?? schema;
}

function exampleOf(nullable: Schema, given: Given): unknown {
  const schema = withoutNull(nullable);
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties as Record<string, Schema>).filter(
      ([field, inner]) => schema.required?.includes(field) || field in given || holds(inner, given),
    );
    return Object.fromEntries(
      fields.map(([field, inner]) => [field, valueOf(field, given) ?? exampleOf(inner, given)]),
    );
  }
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return [exampleOf(schema.items as Schema, given)];
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1);
  if (schema.type === 'boolean') return false;
  if (schema.type === 'object') return { a: 'b' };
  return schema.format === 'date-time' ? '2999-01-01T00:00:00Z' : 'x';
}

function valueOf(field: string, given: Given): unknown {
  return given[field] ?? EXAMPLES[field];
}

/** Does an object within have a field of these? */
function holds(nullable: Schema, given: Given): boolean {
  const { properties = {} } = withoutNull(nullable);
  return Object.keys(properties).some((field) => field in given);
}

/** A call of a field of the schema, with all that can be asked of its answer within the limits of one operation. */
export function graphqlCall(
  schema: GraphQLSchema,
  kind: 'query' | 'mutation' | 'subscription',
  name: string,
  values: Given = {},
): string {
  const given = { ...ALSO[name as OperationName], ...values };
  const field = schema.getRootType(kind as OperationTypeNode)?.getFields()[name];
  if (field === undefined) throw new Error(`GraphQL does not offer the ${kind} ${name}`);
  for (let depth = 7; depth > 0; depth--) {
    const call = `${kind} { ${name}${argumentsOf(field, given)} ${selectionOf(field.type, depth)} }`;
    if (depth === 1 || isWithinLimits(schema, call)) return call;
  }
  throw new Error(`${name} asks for nothing`);
}

function isWithinLimits(schema: GraphQLSchema, call: string): boolean {
  try {
    const document = parse(call, { maxTokens: LIMITS.tokens });
    const [operation] = document.definitions;
    enforceLimits(measuredOperation(schema, document, operation as OperationDefinitionNode, {}));
    return true;
  } catch {
    return false;
  }
}

function argumentsOf(field: GraphQLField<unknown, unknown>, given: Given): string {
  const needed = field.args.filter(
    ({ name, type, defaultValue }) =>
      (isNonNullType(type) && defaultValue === undefined) || name in given || takes(type, given),
  );
  const written = needed.map(({ name, type }) => `${name}: ${literal(name, type, given)}`);
  return written.length === 0 ? '' : `(${written.join(', ')})`;
}

function takes(type: GraphQLInputType, given: Given): boolean {
  const named = getNamedType(type);
  return isInputObjectType(named) && Object.keys(named.getFields()).some((field) => field in given);
}

function literal(field: string, nullable: GraphQLInputType, given: Given): string {
  const type = getNullableType<GraphQLInputType>(nullable);
  if (isListType(type)) {
    const known = given[field];
    return Array.isArray(known)
      ? `[${known.map((one) => JSON.stringify(one)).join(', ')}]`
      : `[${literal(field, type.ofType, given)}]`;
  }
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (inner) =>
        (isNonNullType(inner.type) && inner.defaultValue === undefined) ||
        inner.name in given ||
        takes(inner.type, given),
    );
    return `{ ${fields.map((inner) => `${inner.name}: ${literal(inner.name, inner.type, given)}`).join(', ')} }`;
  }
  const value = valueOf(field, given);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, text]) => `${key}: ${JSON.stringify(text)}`);
    return `{ ${members.join(', ')} }`;
  }
  if (value !== undefined) return JSON.stringify(value);
  return scalarLiteral(type);
}

function scalarLiteral(type: GraphQLNamedType | GraphQLInputType): string {
  const { name } = type as GraphQLNamedType;
  if (name === 'Int' || name === 'Float') return '1';
  if (name === 'Boolean') return 'false';
  return name === 'DateTime' ? '"2999-01-01T00:00:00Z"' : name === 'JSON' ? '{ a: "b" }' : '"x"';
}

/** Every field of the answer, so many levels deep; lists of pages three rows long. */
function selectionOf(type: GraphQLField<unknown, unknown>['type'], depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).filter(({ args }) =>
    args.every((argument) => !isNonNullType(argument.type) || argument.defaultValue !== undefined),
  );
  const written = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return field.name;
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 3)' : '';
    return depth > 1 ? `${field.name}${page} ${selectionOf(field.type, depth - 1)}` : [];
  });
  return `{ ${written.length === 0 ? '__typename' : written.join(' ')} }`;
}
