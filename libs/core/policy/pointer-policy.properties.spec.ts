import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pointed, pointerContext } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';
import { isPointerChange, type DetectedFinding } from '../model/finding.js';
import type { Resource, Tag } from '../model/resource.js';
import { compilePolicy } from './compile-policy.js';
import { composePointerChanges, pointerWritten } from './compose-pointer-changes.js';
import { mendTags } from './mend-tags.js';
import { parseRulePack } from './parse-rule-pack.js';
import type { Policy } from './policy.js';

describe('a policy for pointers, whatever the packs and the repositories', () => {
  const CONTEXT = pointerContext('git', new Date('2026-01-01T00:00:00Z'));
  const name = fc.constantFrom<string>(
    'v1.2.3',
    '1.2.3',
    'V1.2.3',
    'rel-1.2.3',
    'rel_1.2.3',
    'pkg/1.2.3',
    'pkg/v1.2.3',
    'v1.2.3-rc',
    'v1.2.3-RC',
    'v1_2.3-rc',
    'tmp',
    'tmp-1',
    'pr-7',
    '24.04',
    'v24.04',
    'stable',
  );
  const digest = fc.constantFrom('a', 'b');
  const day = fc
    .constantFrom('2012-06-01', '2025-12-31', '2025-06-01')
    .map((text) => new Date(`${text}T00:00:00Z`));
  const tag = fc
    .record({
      name,
      digest: fc.option(digest),
      createdAt: fc.option(day),
      pointer: fc.record(
        {
          peeled: fc.constantFrom('a', 'b', 'c'),
          annotated: fc.boolean(),
          signed: fc.boolean(),
          pushedAt: day,
          pulledAt: day,
          was: digest,
          cameBack: fc.boolean(),
          layers: fc.nat({ max: 3 }),
          elsewhere: fc.constantFrom([], [{ target: 't', digest: 'a' }]),
        },
        { requiredKeys: [] },
      ),
    })
    .map((facts): Tag => ({ ...facts, value: null }));
  const tags = fc.uniqueArray(tag, { selector: (item) => item.name, maxLength: 9 });
  const inventory = fc
    .array(tags, { maxLength: 4 })
    .map((list) => list.map((own, at): Resource => ({ ...pointed(`repo-${at}`, []), tags: own })));

  const untag = fc.constantFrom(undefined, 'untag');
  const rule = fc.oneof(
    fc.record({
      kind: fc.constant('name-pattern'),
      must: fc.constantFrom({ re2: 'v?\\d+\\..*' }, { prefix: 'v' }),
      except: fc.constantFrom([{ exact: 'stable' }], [{ prefix: 'pkg/' }]),
      fix: fc.constantFrom(
        { alias: { from: { re2: 'rel[-_](?P<v>.*)' }, to: 'v${v}' } },
        { alias: { from: { re2: '(?P<v>\\d.*)' }, to: 'v${v}' } },
        { alias: { from: { re2: '.*' }, to: 'v9' } },
        'untag',
        undefined,
      ),
    }),
    fc.record({
      kind: fc.constant('name-pattern'),
      mustNot: fc.constantFrom({ prefix: 'tmp' }, { glob: '*1.2.3*' }, { prefix: 'v' }),
      fix: fc.constantFrom('untag', { alias: { from: { re2: 'v(?P<v>.*)' }, to: 'x-${v}' } }),
    }),
    fc.record({
      kind: fc.constant('version-form'),
      scheme: fc.constantFrom('semver', 'calver', { re2: '[\\d.]+' }),
      prefix: fc.constantFrom('v', 'none'),
      group: fc.constantFrom(undefined, { re2: '(?P<group>.*/)?(?P<version>[^/]+)' }),
      fix: fc.constantFrom('alias', undefined),
    }),
    fc.record({ kind: fc.constant('duplicate-version'), fix: untag }),
    fc.record({ kind: fc.constant('name-collision') }),
    fc.record({
      kind: fc.constant('temporary-name'),
      names: fc.constantFrom([{ prefix: 'tmp' }, { re2: 'pr-\\d+' }], [{ glob: 'v1*' }]),
      olderThan: fc.constantFrom('14d', '1h'),
      ageOf: fc.constantFrom('created', 'pushed', 'active', 'firstSeen'),
      fix: untag,
    }),
    fc.record({
      kind: fc.constant('moved-tag'),
      fix: fc.constantFrom(undefined, { restore: { optIn: true } }),
    }),
    fc.record({ kind: fc.constantFrom('lightweight-tag', 'unsigned-tag', 'divergent-tag', 'broken-index') }),
    fc.record({ kind: fc.constant('image-budget'), maxLayers: fc.integer({ min: 1, max: 3 }) }),
  );
  const selector = fc.oneof(
    fc.record({
      tags: fc.array(
        name.map((exact) => ({ exact })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ resources: fc.constant([{ exact: 'repo-0' }]) }),
    fc.record({ platforms: fc.constant(['git']), tags: fc.constant([{ prefix: 'v' }]) }),
  );
  const on = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: selector });
  const pack = fc
    .record({
      protect: fc.array(selector, { maxLength: 2 }),
      rules: fc.array(fc.tuple(rule, on), { minLength: 1, maxLength: 5 }),
    })
    .map(({ protect, rules }) => ({
      pack: 'p',
      protect,
      rules: rules.map(([own, where], at) => ({ ...own, on: where, id: `r${at}` })),
    }))
    .map((written) => parseRulePack(JSON.stringify(written)))
    .map(({ pack: parsed, diagnostics }) => {
      expect(diagnostics).toEqual([]);
      return parsed;
    })
    .filter((parsed) => parsed !== null);

  const sorted = (list: readonly object[]) => list.map((item) => JSON.stringify(item)).sort();
  const changesOf = (findings: readonly DetectedFinding[]) =>
    findings.flatMap(({ resource, changes }) => changes.map((change) => JSON.stringify([resource, change])));
  const reversed = (list: readonly Resource[]) =>
    [...list].reverse().map((item) => ({ ...item, tags: [...item.tags].reverse() }));
  const judge = (policy: Policy, item: Resource) => policy.evaluate([item], CONTEXT).findings;
  const mended = (item: Resource, findings: readonly DetectedFinding[]): Resource => ({
    ...item,
    tags: mendTags('pointer', [...item.tags], findings),
  });

  it('finds the same whatever the order of packs, repositories and tags, and wherever batches end', () => {
    fc.assert(
      fc.property(pack, pack, inventory, fc.nat({ max: 4 }), (a, b, list, cut) => {
        const second = { ...b, name: 'q' };
        const policy = policyOf(a, second);
        const { findings, notEvaluated } = policy.evaluate(list, CONTEXT);
        const again = policyOf(second, a).evaluate(reversed(list), CONTEXT);
        expect(sorted(again.findings)).toEqual(sorted(findings));
        expect(again.notEvaluated).toEqual(notEvaluated);
        const halves = [list.slice(0, cut), list.slice(cut)].map((half) => policy.evaluate(half, CONTEXT));
        expect(halves.flatMap((half) => half.findings)).toEqual(findings);
        const resources = (all: typeof notEvaluated) => all.reduce((sum, entry) => sum + entry.resources, 0);
        expect(resources(halves.flatMap((half) => half.notEvaluated))).toBe(resources(notEvaluated));
      }),
      { numRuns: 200 },
    );
  });

  it('never condemns a protected name, and a protector more never adds a removal or any other change', () => {
    fc.assert(
      fc.property(pack, pack, inventory, selector, (a, b, list, extra) => {
        const second = { ...b, name: 'q' };
        const guard = packOf({ pack: 'guard', protect: [extra], rules: [] });
        const before = changesOf(policyOf(a, second).evaluate(list, CONTEXT).findings);
        const after = policyOf(a, second, guard).evaluate(list, CONTEXT).findings;
        expect(changesOf(after).filter((change) => !before.includes(change))).toEqual([]);
        for (const { resource, changes, blocked } of after) {
          expect(blocked && changes.length > 0).toBe(false);
          for (const written of changes.filter(isPointerChange).map(pointerWritten)) {
            if ('resources' in extra) expect(resource).not.toBe('repo-0');
            else if ('platforms' in extra) expect(written.startsWith('v')).toBe(false);
            else expect(extra.tags.map(({ exact }) => exact)).not.toContain(written);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives a name one change at most, and leaves no disagreement', () => {
    fc.assert(
      fc.property(pack, pack, inventory, (a, b, list) => {
        const policy = policyOf(a, { ...b, name: 'q' });
        for (const item of list) {
          const proposals = judge(policy, item).map(({ changes }, id) => ({
            id,
            changes: changes.filter(isPointerChange),
          }));
          const { changes, conflicts } = composePointerChanges(proposals);
          expect(conflicts).toEqual([]);
          const written = changes.map(pointerWritten);
          expect(new Set(written).size).toBe(written.length);
          // A name is created where none is, and changed or removed where one is.
          const names = new Set(item.tags.map((own) => own.name));
          for (const change of changes)
            expect(names.has(pointerWritten(change))).toBe(change.change !== 'alias');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is silent where it has made its own fix', () => {
    let fixed = 0;
    fc.assert(
      fc.property(pack, inventory, (whole, list) => {
        for (const { id } of whole.rules) {
          const alone = compilePolicy([{ name: 'p', version: 1, pack: whole, only: [id] }], [whole]);
          for (const item of list) {
            const findings = judge(alone, item);
            const cured = new Set(
              findings.filter(({ changes }) => changes.length > 0).map((found) => found.tag),
            );
            fixed += cured.size;
            const again = judge(alone, mended(item, findings));
            expect(again.filter(({ tag: at, changes }) => changes.length > 0 || cured.has(at))).toEqual([]);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(fixed).toBeGreaterThan(100);
  });

  it('settles in four rounds, with the rules of the pack that fixes the syntax', () => {
    const written = readFileSync(new URL('./fixtures/pointers.yaml', import.meta.url), 'utf8');
    const policy = policyOf(packOf(written.replace(/ {2}- id: keep-ten\n[\s\S]*?(?= {2}- id: moved\n)/, '')));
    let rounds = 0;
    fc.assert(
      fc.property(tags, fc.constantFrom('git', 'registry'), (own, platform) => {
        let item: Resource = { ...pointed('library/app', []), tags: own };
        const judged = () => policy.evaluate([item], { ...CONTEXT, platform }).findings;
        for (let round = 0; round < 4; round += 1) {
          const findings = judged();
          if (changesOf(findings).length > 0) rounds = Math.max(rounds, round + 1);
          item = mended(item, findings);
        }
        expect(changesOf(judged())).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(rounds).toBeGreaterThan(1);
  });

  it('keeps a name whose date nobody knows or can trust', () => {
    const aged = packOf({
      pack: 'p',
      rules: [
        {
          id: 'r',
          kind: 'temporary-name',
          names: [{ glob: '**' }],
          olderThan: '0d',
          ageOf: 'created',
          fix: 'untag',
        },
      ],
    });
    fc.assert(
      fc.property(tags, (own) => {
        const { findings } = policyOf(aged).evaluate([{ ...pointed('r', []), tags: own }], CONTEXT);
        const known = own.filter(({ createdAt }) => createdAt !== null && createdAt.getUTCFullYear() >= 2013);
        expect(findings.map((found) => found.tag).sort()).toEqual(known.map((item) => item.name).sort());
      }),
    );
  });

  it('never judges by name what hangs on a manifest', () => {
    const referrer = fc
      .tuple(fc.constantFrom('256', '512'), fc.constantFrom('.sig', '.att', '.sbom', ''))
      .map(([algorithm, kind]) => `sha${algorithm}-${'ab'.repeat(Number(algorithm) / 8)}${kind}`);
    fc.assert(
      fc.property(pack, tags, fc.uniqueArray(referrer), (any, own, names) => {
        const hung = names.map((written): Tag => ({
          name: written,
          value: null,
          digest: 'a',
          createdAt: new Date('2020-01-01'),
        }));
        const { findings } = policyOf(any).evaluate([{ ...pointed('r', []), tags: [...own, ...hung] }], {
          ...CONTEXT,
          platform: 'registry',
        });
        expect(findings.filter((found) => names.includes(found.tag ?? ''))).toEqual([]);
      }),
    );
  });
});
