import { describe, expect, it } from 'vitest';
import {
  judgePointers,
  pointed,
  pointerContext,
  type GivenPointer,
} from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';

const NOW = new Date('2026-07-01T00:00:00Z');
const packWith = (rule: object) =>
  packOf({
    pack: 'p',
    rules: [{ id: 'r', kind: 'temporary-name', names: [{ glob: 'pr-*' }], olderThan: '14d', ...rule }],
  });
const found = (rule: object, tags: readonly GivenPointer[]) =>
  judgePointers(packWith(rule), tags, { platform: 'registry', now: NOW });
const unjudged = (rule: object, tags: readonly GivenPointer[]) =>
  policyOf(packWith(rule)).evaluate([pointed('a', tags)], pointerContext('registry', NOW)).notEvaluated;

describe('temporary-name', () => {
  it('finds names that are older than the age, to the moment', () => {
    const tags = [
      { name: 'pr-1', created: '2026-06-17T00:00:00Z' },
      { name: 'pr-2', created: '2026-06-16T23:59:59.999Z', digest: 'a' },
      { name: 'pr-3', created: '2026-07-02T00:00:00Z' },
      { name: 'main', created: '2020-01-01T00:00:00Z' },
    ];
    expect(found({ fix: 'untag' }, tags)).toMatchObject([
      {
        tag: 'pr-2',
        message: 'The name "pr-2" was meant for a while and is older than 14 days.',
        changes: [{ change: 'untag', name: 'pr-2', digest: 'a' }],
      },
    ]);
    expect(found({}, tags)).toMatchObject([{ tag: 'pr-2', fixable: false }]);
  });

  it('goes by the date that the rule names', () => {
    const tag = { name: 'pr-1', created: '2020-01-01T00:00:00Z', pushedAt: new Date('2026-06-30T00:00:00Z') };
    expect(found({ ageOf: 'pushed' }, [tag])).toEqual([]);
    expect(found({ ageOf: 'created' }, [tag])).toHaveLength(1);
    expect(found({ ageOf: 'active' }, [{ ...tag, pulledAt: new Date('2025-01-01T00:00:00Z') }])).toEqual([]);
  });

  it('keeps a name without the date, or with one that nobody can trust, and says so', () => {
    const tags = ['pr-1', { name: 'pr-2', created: '1980-01-01T00:00:00Z' }, 'main'];
    expect(found({ fix: 'untag' }, tags)).toEqual([]);
    expect(unjudged({}, tags)).toEqual([
      { rulePack: 'p', ruleId: 'r', needs: 'when it was created', resources: 1 },
      {
        rulePack: 'p',
        ruleId: 'r',
        needs: 'when it was created, by a date that can be trusted (2013 or later)',
        resources: 1,
      },
    ]);
    expect(unjudged({}, ['main'])).toEqual([]);
  });

  it('asks for the facts behind its date', () => {
    const facts = (rule: object) => [
      ...policyOf(packWith(rule)).factsFor({ platform: 'registry', target: 't' }),
    ];
    expect(facts({})).toEqual(['created']);
    expect(facts({ ageOf: 'active' })).toEqual(['pushed', 'pulled']);
  });
});
