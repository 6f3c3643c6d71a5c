import { readFileSync, readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { RULE_KINDS } from '../rules/find-rule-kind.js';
import { parseRulePack } from './parse-rule-pack.js';
import { rulePackJsonSchema } from './rule-pack-json-schema.js';

const ROOT = new URL('../../../', import.meta.url);
const textsOf = (folder: string) =>
  readdirSync(new URL(folder, ROOT))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(new URL(`${folder}/${name}`, ROOT), 'utf8')] as const);
const packs = [...textsOf('libs/core/policy/fixtures'), ...textsOf('packs')];
const examples = [...RULE_KINDS.keys()].map((kind) => {
  const readme = readFileSync(new URL(`libs/core/rules/${kind}/readme.md`, ROOT), 'utf8');
  return [kind, /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''] as const;
});

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(rulePackJsonSchema());
/** As an editor sees a document: by YAML's own schema. */
const faultsOf = (document: unknown): string[] => {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the JSON Schema of rule packs', () => {
  it.each(packs)('takes the pack %s', (_name, text) => {
    expect(faultsOf(parse(text))).toEqual([]);
  });

  it.each(examples)('takes the example of %s', (_kind, text) => {
    expect(faultsOf(parse(text))).toEqual([]);
  });

  it.each([
    ['a field of the pack', { pak: 'x', pack: 'x', rules: [] }, 'additional'],
    ['a kind', { pack: 'x', rules: [{ id: 'a', kind: 'key-speling' }] }, '/rules/0/kind'],
    ['a selector', { pack: 'x', protect: [{ platfroms: ['git'] }], rules: [] }, '/protect/0 '],
    ['a platform', { pack: 'x', protect: [{ platforms: ['aws'] }], rules: [] }, '/protect/0/platforms/0'],
    ['a fix', rule({ kind: 'stale-key', keys: [{ exact: 'a' }], fix: 'remvoe' }), '/rules/0/fix'],
    ['a fix that the kind has not', rule({ kind: 'unknown-key', fix: 'remove' }), '/rules/0 '],
    ['a matcher of two types', rule({ kind: 'unknown-key', except: [{ exact: 'a', glob: 'b' }] }), '/except'],
    ['an age', rule({ kind: 'unused-image', olderThan: '30 days' }), '/rules/0/olderThan'],
    ['a number', rule({ kind: 'tag-budget', max: 1_001 }), '/rules/0/max'],
    ['a keep clause', rule({ kind: 'retention', keep: { any: [{ newset: 3 }] } }), '/rules/0/keep/any/0'],
    ['a name', { pack: 'Not A Name', rules: [] }, '/pack'],
    ['nothing', null, 'must be object'],
  ])('refuses what is wrong with %s', (_what, document, place) => {
    expect(faultsOf(document).join('\n')).toContain(place);
  });

  it.each(examples)('refuses a misspelt field in a %s rule', (kind, text) => {
    const document = parse(text) as { rules: Record<string, unknown>[] };
    const at = document.rules.findIndex((candidate) => candidate['kind'] === kind);
    document.rules[at] = { ...document.rules[at], severty: 'low' };

    expect(faultsOf(document)).toContain(`/rules/${at} must NOT have additional properties`);
  });

  it('refuses no pack that loads', () => {
    const documents = [...packs, ...examples].map(([, text]) => parse(text) as unknown);
    const mutant = fc
      .tuple(fc.constantFrom(...documents), fc.array(fc.tuple(fc.nat(), VALUES), { maxLength: 3 }))
      .map(([document, changes]) => changes.reduce(changed, structuredClone(document)));

    fc.assert(
      fc.property(mutant, (document) => {
        const text = stringify(document);
        fc.pre(parseRulePack(text).pack !== null);
        expect(faultsOf(parse(text))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

function rule(fields: Record<string, unknown>) {
  return { pack: 'x', rules: [{ id: 'a', ...fields }] };
}

const REMOVED = Symbol('removed');
const VALUES = fc.constantFrom<unknown>(
  ...[REMOVED, '', 'x', '1.0', 0, 7, 1.5, true, 'true', null, [], {}, 'remove', '2024-06-30'],
  ...[{ exact: 'x' }, { re2: 'x' }, ['x'], [1], { remove: null }, { any: [{ newest: 3 }] }],
);

/** The document with one of its values, chosen by `at`, removed or replaced. */
function changed(document: unknown, [at, value]: [number, unknown]): unknown {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const visit = (holder: unknown): void => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const [key, inner] of Object.entries(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      visit(inner);
    }
  };
  visit(document);
  const place = places[at % Math.max(places.length, 1)];
  if (place === undefined) return document;
  const { holder, key } = place;
  if (value !== REMOVED) holder[key] = structuredClone(value);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return document;
}
