import { isLabelChange } from '../model/finding.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTEXT, judge, labelled, labelsOf, packOf, policyOf } from '../../testing/policy-builders.js';
import type { DetectedFinding } from '../model/finding.js';
import type { Resource } from '../model/resource.js';
import { applyFixes } from './apply-fixes.js';
import { compilePolicy } from './compile-policy.js';
import { composeChanges } from './compose-changes.js';
import { parseRulePack } from './parse-rule-pack.js';

describe('a policy, whatever the packs and the resources', () => {
  const key = fc.constantFrom<string>(
    'Env',
    'env',
    'enviroment',
    'environment',
    'ENV',
    'Owner',
    'owner',
    'old-a',
    'old-b',
    'CostCenter',
    'cost_center',
    'aws:x',
    'kubernetes.io/a',
    'environmnt',
  );
  const value = fc.constantFrom('', ' ', 'n/a', 'prod', 'Prod', 'production', 'staging', ' X ', '2020-01-01');
  const tags = fc.dictionary(key, value, { maxKeys: 8 });
  const type = fc.constantFrom('instance', 'volume');
  const resource = fc.record({ tags, type });
  const inventory = fc
    .array(resource, { maxLength: 5 })
    .map((list) => list.map(({ tags, type }, at) => labelled(`i-${at}`, tags, { resourceType: type })));
  const onConflict = fc
    .constantFrom('report', 'keep-canonical', 'keep-variant')
    .map((choice) => ({ onConflict: choice }));
  const rule = fc.oneof(
    fc.record({
      kind: fc.constant('key-spelling'),
      canonical: fc.constantFrom('environment', 'owner', 'env'),
      variants: fc.constantFrom(['enviroment', 'Env'], ['Env', 'enviroment', 'ENV'], ['Owner']),
      ignoreCase: fc.boolean(),
      fuzzy: fc.nat({ max: 2 }),
      fix: fc.record({ rename: onConflict }),
    }),
    fc.record({
      kind: fc.constant('key-case'),
      style: fc.constantFrom('kebab-case', 'lowercase', 'PascalCase'),
      fix: fc.record({ rename: onConflict }),
    }),
    fc.record({
      kind: fc.constant('key-collision'),
      fix: fc.constantFrom({ merge: { into: 'vocabulary' } }, { merge: { into: 'kebab-case' } }),
    }),
    fc.record({
      kind: fc.constant('required-key'),
      keys: fc.constant(['owner', 'environment']),
      fix: fc.constant({ set: { owner: 'none' } }),
    }),
    fc.record({
      kind: fc.constant('stale-key'),
      keys: fc.constantFrom(
        [{ prefix: 'old-' }],
        [
          { exact: 'old-a', replacedBy: 'owner' },
          { exact: 'old-b', replacedBy: 'owner' },
        ],
      ),
      fix: fc.record({ remove: onConflict }),
    }),
    fc.record({
      kind: fc.constant('empty-value'),
      fix: fc.constantFrom('remove', { set: { value: 'set' } }),
    }),
    fc.record({
      kind: fc.constant('value-map'),
      key: fc.constantFrom('environment', 'Env', 'env'),
      ignoreCase: fc.boolean(),
      map: fc.constant({ prod: 'production' }),
      fix: fc.constant('set'),
    }),
    fc.record({
      kind: fc.constant('value-form'),
      key: fc.constantFrom('owner', 'Owner'),
      forms: fc.constant(['trim', 'lowercase']),
      fix: fc.constant('set'),
    }),
    fc.record({
      kind: fc.constant('expired-value'),
      key: fc.constantFrom('owner', 'old-a'),
      fix: fc.constant('remove'),
    }),
    fc.record({ kind: fc.constant('unknown-key') }),
  );
  const selector = fc.oneof(
    fc.record({
      tags: fc.array(
        key.map((exact) => ({ exact })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({ resources: fc.constant([{ exact: 'i-0' }]) }),
    fc.record({
      where: fc.array(fc.record({ tag: key, matches: value.map((exact) => ({ exact })) }), {
        minLength: 1,
        maxLength: 1,
      }),
    }),
  );
  const vocabulary = fc.constantFrom({ keys: ['owner'] }, { keys: ['cost-center', 'environment', 'Env'] });
  const pack = fc
    .record({
      vocabulary,
      protect: fc.array(selector, { maxLength: 2 }),
      rules: fc.array(rule, { minLength: 1, maxLength: 5 }),
    })
    .map((written) => ({ ...written, rules: written.rules.map((item, at) => ({ ...item, id: `r${at}` })) }))
    .map((written) => parseRulePack(JSON.stringify({ ...written, pack: 'p' })).pack)
    .filter((parsed) => parsed !== null);

  const sorted = (findings: readonly DetectedFinding[]) =>
    findings.map((found) => JSON.stringify(found)).sort();
  const changes = (findings: readonly DetectedFinding[]) =>
    findings.flatMap(({ resource, changes: list }) =>
      list.map((change) => JSON.stringify([resource, change])),
    );
  const reversed = (list: readonly Resource[]) =>
    [...list].reverse().map((item) => ({ ...item, tags: [...item.tags].reverse() }));

  it('finds the same whatever the order of packs, resources and tags, and wherever batches end', () => {
    fc.assert(
      fc.property(pack, pack, inventory, fc.nat({ max: 5 }), (a, b, list, cut) => {
        const second = { ...b, name: 'q' };
        const found = policyOf(a, second).evaluate(list, CONTEXT).findings;
        expect(sorted(policyOf(second, a).evaluate(reversed(list), CONTEXT).findings)).toEqual(sorted(found));
        const policy = policyOf(a, second);
        const halves = [list.slice(0, cut), list.slice(cut)].flatMap(
          (half) => policy.evaluate(half, CONTEXT).findings,
        );
        expect(halves).toEqual(found);
      }),
    );
  });

  it('never gives a protected tag a change, and a protector more never sets a change free', () => {
    fc.assert(
      fc.property(pack, pack, inventory, selector, (a, b, list, extra) => {
        const second = { ...b, name: 'q' };
        const guard = packOf({ pack: 'guard', protect: [extra], rules: [] });
        const before = changes(policyOf(a, second).evaluate(list, CONTEXT).findings);
        const after = policyOf(a, second, guard).evaluate(list, CONTEXT).findings;
        expect(changes(after).filter((change) => !before.includes(change))).toEqual([]);
        const tags = 'tags' in extra ? extra.tags.map(({ exact }) => exact) : [];
        for (const change of after.flatMap((found) => found.changes.filter(isLabelChange))) {
          const touched = change.change === 'rename' ? [change.from, change.to] : [change.key];
          expect(touched.filter((name) => tags.includes(name) || name.startsWith('kubernetes.io/'))).toEqual(
            [],
          );
        }
        for (const found of after) expect(found.blocked && found.changes.length > 0).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('gives a tag one net change at most, and leaves no disagreement', () => {
    fc.assert(
      fc.property(pack, pack, inventory, (a, b, list) => {
        const policy = policyOf(a, { ...b, name: 'q' });
        for (const item of list) {
          const proposals = policy
            .evaluate([item], CONTEXT)
            .findings.map((found, id) => ({ id, changes: found.changes.filter(isLabelChange) }));
          const composed = composeChanges(labelsOf(item), proposals);
          expect(composed.conflicts).toEqual([]);
          const keys = composed.changes.map((change) =>
            change.change === 'rename' ? change.from : change.key,
          );
          expect(new Set(keys).size).toBe(keys.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is silent where it has made its own fix', () => {
    fc.assert(
      fc.property(pack, inventory, (whole, list) => {
        for (const { id } of whole.rules) {
          const alone = compilePolicy([{ name: 'p', version: 1, pack: whole, only: [id] }], [whole]);
          for (const item of list) {
            const { findings } = alone.evaluate([item], CONTEXT);
            const mended = labelled(item.resource, Object.fromEntries(applyFixes(labelsOf(item), findings)), {
              resourceType: item.resourceType,
            });
            const fixed = findings.filter((found) => found.changes.length > 0).map(({ tag }) => tag);
            const again = alone.evaluate([mended], CONTEXT).findings;
            expect(again.filter(({ tag, changes: list }) => list.length > 0 || fixed.includes(tag))).toEqual(
              [],
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never judges a key that the platform keeps for itself', () => {
    fc.assert(
      fc.property(pack, tags, (any, labels) => {
        const reserved = Object.fromEntries(
          Object.entries(labels).map(([name, text]) => [`aWs:${name}`, text]),
        );
        const found = judge(any, reserved).filter(({ tag }) => tag !== null && tag in reserved);
        expect(found).toEqual([]);
      }),
    );
  });

  it.each(['./fixtures/labels.yaml', '../../../packs/starter-labels.yaml'])(
    '%s settles in four rounds',
    (path) => {
      const settling = packOf(readFileSync(new URL(path, import.meta.url), 'utf8'));
      const policy = policyOf(settling);
      fc.assert(
        fc.property(tags, type, (given, resourceType) => {
          let item = labelled('i-1', given, { resourceType });
          for (let round = 0; round < 4; round += 1) {
            const mended = applyFixes(labelsOf(item), policy.evaluate([item], CONTEXT).findings);
            item = labelled('i-1', Object.fromEntries(mended), { resourceType });
          }
          expect(changes(policy.evaluate([item], CONTEXT).findings)).toEqual([]);
        }),
      );
    },
  );
});
