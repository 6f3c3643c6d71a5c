import type { Operation, Shape } from './service-model.js';

/**
 * aws-sdk@2 and its models are no longer updated. Actions that came later are described by the schemas that
 * @aws-sdk/client-ec2 exports, which are generated from AWS's model as well:
 * operations are `[9, namespace, name, traits, input, output]`, structures `[3, namespace, name, traits, memberNames, memberSchemas]`,
 * lists `[1, namespace, name, traits, member]`, a member with traits is `[schema, traits]`, and simple types are numbers.
 */
type Schema = number | (() => Schema) | readonly unknown[];

const SIMPLE: Readonly<Record<number, Shape>> = {
  1: { type: 'double' },
  2: { type: 'boolean' },
  4: { type: 'timestamp' },
  5: { type: 'timestamp' },
  6: { type: 'timestamp' },
  7: { type: 'timestamp' },
  21: { type: 'blob' },
};
const LIST_OF = 64;
const DEPTH_MAX = 12;

/** The schemas of an action that the client knows; null when it knows none of that name. */
export async function newerOperation(name: string): Promise<Operation | null> {
  const client = (await import('@aws-sdk/client-ec2')) as unknown as Readonly<
    Record<string, Schema | undefined>
  >;
  const schema = /^[A-Z]\w+$/.test(name) ? client[`${name}$`] : undefined;
  if (!Array.isArray(schema) || schema[0] !== 9) return null;
  return { name, input: shapeOf(schema[4] as Schema, 0), output: shapeOf(schema[5] as Schema, 0) };
}

function shapeOf(schema: Schema, depth: number): Shape {
  if (typeof schema === 'function') return shapeOf(schema(), depth);
  if (depth > DEPTH_MAX) return {};
  if (typeof schema === 'number') {
    const simple = SIMPLE[schema % LIST_OF] ?? {};
    return schema >= LIST_OF ? { type: 'list', member: { ...simple, locationName: 'item' } } : simple;
  }
  const [kind, , , , held, members] = schema;
  if (kind === 3) return structure(held as readonly string[], members as readonly Schema[], depth);
  if (kind === 1) return { type: 'list', member: { locationName: 'item', ...member(held as Schema, depth) } };
  return typeof kind === 'number' && schema.length > 2 ? {} : member(schema, depth);
}

function structure(names: readonly string[], schemas: readonly Schema[], depth: number): Shape {
  const members = names.map((name, n) => [name, member(schemas[n] ?? 0, depth)] as const);
  return { type: 'structure', members: Object.fromEntries(members) };
}

/** A schema, or a pair of a schema and the names it has on the wire. */
function member(schema: Schema, depth: number): Shape {
  if (!Array.isArray(schema) || schema.length !== 2) return shapeOf(schema, depth + 1);
  const [inner, traits] = schema as unknown as readonly [
    Schema,
    { readonly xmlName?: string; readonly ec2QueryName?: string },
  ];
  return {
    ...shapeOf(inner, depth + 1),
    ...(traits.xmlName === undefined ? {} : { locationName: traits.xmlName }),
    ...(traits.ec2QueryName === undefined ? {} : { queryName: traits.ec2QueryName }),
  };
}
