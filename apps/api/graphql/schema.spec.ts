import { readFileSync } from 'node:fs';
import {
  buildClientSchema,
  buildSchema,
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  getIntrospectionQuery,
  getNamedType,
  isInputObjectType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  type IntrospectionQuery,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type ApiFixture } from '../testing/api-fixture.js';
import { NOT_OFFERED_YET } from './not-offered-yet.js';

const contract = buildSchema(readFileSync(new URL('../contract/api.graphql', import.meta.url), 'utf8'));

describe('the generated schema', () => {
  let api: ApiFixture;
  let generated: GraphQLSchema;
  beforeAll(async () => {
    api = await startApi();
    const { data } = await api.graphql(getIntrospectionQuery());
    generated = buildClientSchema(data as IntrospectionQuery);
  });
  afterAll(() => api.close());

  it('breaks nothing of the contract but what is listed as not offered yet', () => {
    const offered = typesReached(contract, new Set(NOT_OFFERED_YET));
    const breaks = findBreakingChanges(contract, generated)
      .filter(({ type, description }) => {
        if (type === BreakingChangeType.FIELD_REMOVED) {
          return !NOT_OFFERED_YET.some((name) => description === `${name} was removed.`);
        }
        if (type === BreakingChangeType.TYPE_REMOVED)
          return offered.has(/^(\w+) was removed/.exec(description)?.[1] ?? '');
        return true;
      })
      .map(({ description }) => description);
    expect(breaks).toEqual([]);
  });

  it('changes no default', () => {
    const changed = findDangerousChanges(contract, generated).filter(
      ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
    );
    expect(changed).toEqual([]);
    expect(inputDefaults(generated)).toEqual(
      inputDefaults(contract, new Set(Object.keys(generated.getTypeMap()))),
    );
  });

  it('says of every operation what it does', () => {
    const roots = [generated.getQueryType(), generated.getMutationType(), generated.getSubscriptionType()];
    const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
    expect(fields.length).toBeGreaterThan(30);
    expect(fields.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });

  it('offers nothing that is listed as not offered', () => {
    const offered = NOT_OFFERED_YET.filter((name) => hasField(generated, name));
    expect(offered).toEqual([]);
    expect(NOT_OFFERED_YET.filter((name) => !hasField(contract, name))).toEqual([]);
  });
});

const named = (type: GraphQLType): GraphQLNamedType => getNamedType(type);

function hasField(schema: GraphQLSchema, name: string): boolean {
  const [typeName = '', field = ''] = name.split('.');
  const type = schema.getType(typeName);
  return isObjectType(type) && type.getFields()[field] !== undefined;
}

/** Names of the types that remain reachable when the listed fields are gone. */
function typesReached(schema: GraphQLSchema, without: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>();
  const visit = (type: GraphQLNamedType) => {
    if (reached.has(type.name)) return;
    reached.add(type.name);
    if (!isObjectType(type) && !isInputObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      if (without.has(`${type.name}.${field.name}`)) continue;
      visit(named(field.type as GraphQLType));
      if ('args' in field) for (const argument of field.args) visit(named(argument.type as GraphQLType));
    }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root) visit(root);
  return reached;
}

function inputDefaults(schema: GraphQLSchema, only?: ReadonlySet<string>): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInputObjectType(type) || (only !== undefined && !only.has(type.name))) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.defaultValue !== undefined) defaults[`${type.name}.${field.name}`] = field.defaultValue;
    }
  }
  return Object.fromEntries(Object.entries(defaults).sort());
}
