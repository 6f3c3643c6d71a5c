import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointed } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';
import type { Platform } from '../model/platform.js';
import type { PointerFacts, Resource } from '../model/resource.js';
import { explain } from './explain.js';
import type { ExplanationContext } from './explanation.js';

const [FIRST, NOW] = [new Date('2025-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z')];
const DIGESTS = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`);

const about = (platform: Platform): ExplanationContext => ({
  ...{ platform, target: 'prod', now: NOW },
  ...{ address: null, isWritable: true, can: () => true },
});

type Written = readonly (readonly [string, PointerFacts])[];
const repository = (written: Written): Resource =>
  pointed(
    'acme/app',
    written.map(([name, facts]) => ({ name, ...facts })),
    { untagged: [] },
  );

describe('verdicts', () => {
  const rules = [
    { id: 'names', kind: 'name-pattern', mustNot: { re2: 'tmp.*' }, fix: 'untag' },
    { id: 'semver', kind: 'version-form', scheme: 'semver', prefix: 'v', fix: 'alias' },
    { id: 'twice', kind: 'duplicate-version', fix: 'untag' },
    { id: 'alike', kind: 'name-collision' },
    {
      id: 'old',
      kind: 'temporary-name',
      names: [{ prefix: 'pr-' }],
      olderThan: '14d',
      ageOf: 'created',
      fix: 'untag',
    },
    { id: 'few', kind: 'retention', keep: { any: [{ newest: 3, orderBy: 'created' }] }, fix: 'untag' },
    { id: 'moved', kind: 'moved-tag', fix: { restore: { optIn: true } } },
    { id: 'signed', kind: 'unsigned-tag' },
  ];
  const policy = policyOf(packOf({ pack: 'p', protect: [{ tags: [{ prefix: 'pr-1' }] }], rules }));
  const given = fc.record(
    {
      digest: fc.constantFrom(...DIGESTS),
      created: fc.date({ min: FIRST, max: NOW, noInvalidDate: true }),
      signed: fc.boolean(),
      was: fc.constantFrom(...DIGESTS),
      firstSeenAt: fc.constant(FIRST),
    },
    { requiredKeys: [] },
  );
  const name = fc.constantFrom(
    'v1.0.0',
    '1.0.0',
    'V1.0.0',
    'tmp-1',
    'pr-1',
    'pr-2',
    'pr-17',
    'release',
    '2.0.0',
  );
  const tags = fc.uniqueArray(fc.tuple(name, given), { minLength: 1, selector: ([one]) => one });

  it('that change something are the findings for the tag, no more and no fewer', () => {
    fc.assert(
      fc.property(tags, fc.constantFrom<Platform>('git', 'registry'), (written, platform) => {
        const resource = repository(written);
        const context = about(platform);
        const { findings } = policy.evaluate([resource], context);
        for (const { name: tag } of resource.tags) {
          const { verdicts } = explain(policy, { resource, name: tag, digest: null }, context);
          const changing = verdicts.filter(({ decision }) => decision !== 'KEEP' && decision !== 'UNKNOWN');
          const expected = findings.filter((finding) => finding.tag === tag);
          expect(changing.map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`).sort()).toEqual(
            expected.map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`).sort(),
          );
          for (const finding of expected) {
            const its = changing.filter(({ ruleId }) => ruleId === finding.ruleId);
            expect(its.some(({ reason }) => reason.startsWith(finding.message))).toBe(true);
          }
          const kept = verdicts.filter(({ decision, ruleId }) => decision === 'KEEP' && ruleId !== null);
          const faulty = new Set(expected.map(({ ruleId }) => ruleId));
          expect(kept.filter(({ ruleId }) => faulty.has(ruleId ?? ''))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never say of a protected tag that it goes', () => {
    fc.assert(
      fc.property(tags, (written) => {
        const resource = repository(written);
        for (const { name: tag } of resource.tags) {
          const { decision } = explain(policy, { resource, name: tag, digest: null }, about('registry'));
          if (tag.startsWith('pr-1')) expect(decision).toBe('KEEP');
        }
      }),
    );
  });
});
