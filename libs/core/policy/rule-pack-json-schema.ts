import { z } from 'zod';
import { RULE_KINDS } from '../rules/find-rule-kind.js';
import type { RuleKind } from '../rules/rule-kind.js';
import { packSchema } from './schema/pack-schema.js';
import { writtenForm, type JsonSchema } from './schema/written-form.js';

const ID = 'urn:tagward:schema:rule-pack:1';
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** What YAML's own schema makes of words that a pack reads as text: `1.0`, `true`, `null`. */
const SCALARS = ['string', 'number', 'boolean', 'null'];

/** What editors show beside a field. */
const OF_PACK = {
  pack: 'The name of the pack: unique, and what findings and targets call it by.',
  description: 'What the pack is for.',
  vocabulary: "The organisation's canonical keys and values.",
  report: 'How reports group: the label that names a team, and the map of owners for what has none.',
  protect: 'What no plan touches, whatever a rule of any pack says.',
  unprotect: 'Built-in protections that this organisation lifts.',
  rules: 'Each is one check, with its optional fix.',
  tests: 'Cases of the pack itself: tags that are given, and all the findings that are expected.',
};
const OF_RULE = {
  id: 'Unique within the pack; findings carry it.',
  on: 'What the rule is limited to; a selector limits nothing that it does not name.',
  severity: 'Absent: medium.',
  fix: 'One name, or a map of that name to its parameters. Without it the rule only reports.',
};

type Fields = Readonly<Record<string, JsonSchema>>;
type Definitions = Record<string, JsonSchema>;

/**
 * The JSON Schema (draft 2020-12) of rule packs, made from the schemas that read them, for editors and checks before a pack is sent. It
 * refuses no pack that loads; what only reading the whole shows (patterns, ids taken twice, tests) it does not see.
 */
export function rulePackJsonSchema(): JsonSchema {
  const definitions: Definitions = {};
  const { properties, ...pack } = jsonOf(packSchema, definitions);
  const kinds = [...RULE_KINDS.values()];
  const fields = properties as Fields;
  const rules = { ...fields['rules'], items: { $ref: '#/$defs/rule' } };
  const kindDefinitions = kinds.map((kind) => [`${kind.name}-rule`, ruleOf(kind, definitions)] as const);
  const all = { ...definitions, rule: anyRule(kinds), ...Object.fromEntries(kindDefinitions) };
  return {
    $schema: DIALECT,
    $id: ID,
    title: 'Tagward rule pack',
    ...pack,
    properties: described({ ...fields, rules }, OF_PACK),
    $defs: all,
  };
}

/** A rule is what its kind says: told by `if`, editors complete and explain the kind that is written, and no other. */
function anyRule(kinds: readonly RuleKind[]): JsonSchema {
  const names = kinds.map(({ name }) => name);
  return {
    type: 'object',
    required: ['id', 'kind'],
    properties: { kind: { enum: names } },
    allOf: names.map((name) => ({
      if: { properties: { kind: { const: name } }, required: ['kind'] },
      then: { $ref: `#/$defs/${name}-rule` },
    })),
  };
}

function ruleOf(kind: RuleKind, definitions: Definitions): JsonSchema {
  const { properties, ...rule } = jsonOf(kind.schema, definitions);
  return {
    description: `Finds ${kind.finds}.`,
    ...rule,
    properties: described({ ...(properties as Fields), kind: { const: kind.name } }, OF_RULE),
  };
}

function described(fields: Fields, words: Readonly<Record<string, string>>): Fields {
  const entries = Object.entries(fields).map(([name, field]) => {
    const description = words[name];
    return [name, description === undefined ? field : { description, ...field }] as const;
  });
  return Object.fromEntries(entries);
}

/** @param definitions takes what is shared */
function jsonOf(schema: z.ZodType, definitions: Definitions): JsonSchema {
  const {
    $schema: _schema,
    $defs: _defs,
    ...json
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      replace(jsonSchema, formOf(zodSchema as unknown as z.ZodType, { ...jsonSchema }, definitions));
    },
  });
  return json;
}

function formOf(schema: z.ZodType, json: JsonSchema, definitions: Definitions): JsonSchema {
  const own = plainForm(schema, json);
  const form = writtenForm(schema);
  if (form === undefined) return own;
  const made = form.json(own, (other) => jsonOf(other, definitions));
  if (form.name === undefined) return made;
  // Of clauses within clauses the outermost comes last, and says all that the inner ones may.
  definitions[form.name] = made;
  return { $ref: `#/$defs/${form.name}` };
}

function plainForm(schema: z.ZodType, json: JsonSchema): JsonSchema {
  if (schema.type === 'string') return { ...json, type: SCALARS };
  if (schema.type === 'object') return closed(json);
  if (schema.type !== 'record') return json;
  return { ...json, propertyNames: { ...(json['propertyNames'] as JsonSchema), type: 'string' } };
}

/** A field that cannot be written is none. */
function closed(json: JsonSchema): JsonSchema {
  const properties = Object.entries((json['properties'] ?? {}) as Fields);
  const kept = properties.filter(([, property]) => !isNothing(property));
  return {
    ...json,
    properties: Object.fromEntries(kept),
    ...(isNothing(json['additionalProperties']) ? { additionalProperties: false } : {}),
  };
}

const isNothing = (json: unknown): boolean => typeof json === 'object' && json !== null && 'not' in json;

function replace(target: object, source: JsonSchema): void {
  for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
  Object.assign(target, source);
}
