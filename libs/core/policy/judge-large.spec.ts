import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pointed, pointerContext } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';
import { MadeTags } from '../model/made-tags.js';
import type { Resource, Tag } from '../model/resource.js';
import { parseRulePack } from './parse-rule-pack.js';
import type { Evaluation, Policy } from './policy.js';

/** Makes its tags anew each time, as packed ones are. */
class Copies extends MadeTags {
  constructor(private readonly tags: readonly Tag[]) {
    super();
  }

  get length(): number {
    return this.tags.length;
  }

  protected make(index: number): Tag {
    return { ...(this.tags[index] as Tag) };
  }
}

const CONTEXT = pointerContext('git', new Date('2026-01-01T00:00:00Z'));
/** Names that are shared, look alike, are twice one version, and stand in each other's way. */
function tagsOf(count: number, seed: number): Tag[] {
  return Array.from({ length: count }, (_, n): Tag => {
    const k = (n * 7 + seed) % count;
    // 0 and 1 are one version at one object, 2 would become 0, 5 and 4 look alike.
    const kinds = [`v1.${k}.0`, `1.${k - 1}.0`, `rel-1.${k - 2}.0`, `tmp-${k}`, `Rel_${k}`, `rel-${k - 1}`];
    return {
      ...{ name: `${kinds[k % 6]}`, value: null, digest: k % 50 === 7 ? null : `d${Math.floor(k / 3)}` },
      createdAt: k % 40 === 3 ? null : new Date(Date.UTC(2015, 0, 1) + (k % 4_000) * 86_400_000),
      pointer: {
        ...(k % 30 === 4 ? {} : { annotated: k % 4 === 0, peeled: `p${Math.floor(k / 2)}` }),
        ...(k % 25 === 5 ? { was: 'elsewhere' } : { was: `d${Math.floor(k / 3)}` }),
      },
    };
  });
}

const PACK = packOf({
  pack: 'p',
  protect: [{ tags: [{ glob: '*99*' }] }],
  rules: [
    {
      id: 'alias',
      kind: 'name-pattern',
      must: { prefix: 'v' },
      fix: { alias: { from: { re2: 'rel[-_](?P<v>.*)' }, to: 'v${v}' } },
    },
    { id: 'form', kind: 'version-form', scheme: 'semver', prefix: 'v', fix: 'alias' },
    { id: 'twice', kind: 'duplicate-version', fix: 'untag' },
    { id: 'alike', kind: 'name-collision' },
    {
      id: 'tmp',
      kind: 'temporary-name',
      names: [{ prefix: 'tmp' }],
      olderThan: '14d',
      ageOf: 'created',
      fix: 'untag',
    },
    { id: 'moved', kind: 'moved-tag', fix: { restore: { optIn: true } } },
    {
      id: 'old',
      kind: 'retention',
      keep: {
        any: [
          { newest: 10, orderBy: 'created' },
          { newerThan: '30d', ageOf: 'created' },
        ],
      },
      floor: 3,
      fix: 'untag',
    },
    { id: 'minor', kind: 'retention', groupBy: 'minor', keep: { any: [{ newest: 1, orderBy: 'semver' }] } },
    { id: 'whole', kind: 'retention', unit: 'manifest', expire: { olderThan: '100d', ageOf: 'created' } },
    { id: 'light', kind: 'lightweight-tag' },
  ],
});

const inOrder = (items: readonly unknown[]): readonly string[] =>
  items.map((one) => JSON.stringify(one)).sort();

function same(policy: Policy, resources: readonly Resource[]): void {
  const whole = policy.evaluate(resources, CONTEXT);
  const made = resources.map((one) => ({ ...one, tags: new Copies([...one.tags]) }));
  const parts: Evaluation[] = [...policy.evaluateInParts(made, CONTEXT)];
  for (const what of ['findings', 'notEvaluated', 'unjudged'] as const)
    expect(inOrder(parts.flatMap((part) => part[what] as readonly unknown[]))).toEqual(inOrder(whole[what]));
}

describe('a resource of very many tags', () => {
  it('is judged in parts as it is at once, whatever its fixes come to', () => {
    const resources = [
      { ...pointed('few', []), tags: tagsOf(40, 1) },
      { ...pointed('many', []), tags: tagsOf(4_321, 3) },
      { ...pointed('more', []), tags: tagsOf(2_001, 5) },
    ];
    same(policyOf(PACK), resources);
  });

  it('is judged so by the starter pack, too', () => {
    const text = readFileSync(new URL('../../../packs/starter-pointers.yaml', import.meta.url), 'utf8');
    const { pack } = parseRulePack(text);
    if (pack === null) return expect.fail('the starter pack is none');
    const resources = [{ ...pointed('many', []), tags: tagsOf(3_000, 2) }];
    same(policyOf(pack), resources);
  });

  it('is told of in small parts, none of which holds more than a little', () => {
    const tags = tagsOf(20_000, 3);
    let findings = 0;
    for (const part of policyOf(PACK).evaluateInParts([{ ...pointed('many', []), tags }], CONTEXT)) {
      expect(part.findings.length).toBeLessThanOrEqual(1_000);
      findings += part.findings.length;
    }
    expect(findings).toBeGreaterThan(10_000);
  });

  it('pauses every few hundred tags of a batch, whether or not there is anything to tell', () => {
    let asked = 0;
    const counted = new Proxy(tagsOf(50, 5), {
      get: (tags, name) => {
        if (name === Symbol.iterator || name === 'entries') asked += tags.length;
        return Reflect.get(tags, name) as unknown;
      },
    });
    const batch = Array.from({ length: 100 }, (_, n) => ({ ...pointed(`r-${n}`, []), tags: counted }));
    const silent = packOf({
      pack: 'p',
      rules: [{ id: 'r', kind: 'name-pattern', mustNot: { prefix: 'nothing' } }],
    });
    const steps: number[] = [];
    for (const part of policyOf(silent).evaluateInParts(batch, CONTEXT)) {
      expect(part.findings).toEqual([]);
      steps.push(asked);
      asked = 0;
    }
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(5_000);
    expect(Math.max(...steps)).toBeLessThanOrEqual(500);
  });

  it('says the same whatever the order of its tags', () => {
    const policy = policyOf(PACK);
    const tags = tagsOf(2_100, 4);
    const judge = (list: readonly Tag[]): readonly string[] =>
      inOrder(
        [...policy.evaluateInParts([{ ...pointed('many', []), tags: list }], CONTEXT)].flatMap(
          (part) => part.findings,
        ),
      );
    const expected = judge(tags);
    fc.assert(
      fc.property(fc.shuffledSubarray(tags, { minLength: tags.length }), (shuffled) => {
        expect(judge(shuffled)).toEqual(expected);
      }),
      { numRuns: 3 },
    );
  });
});
