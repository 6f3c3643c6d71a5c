import { describe, expect, it } from 'vitest';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import { parseRulePack } from '../../policy/parse-rule-pack.js';
import { summarizeRules } from '../../policy/summarize-rules.js';

const written = (rule: object) => ({ pack: 'p', rules: [{ id: 'r', kind: 'retention', ...rule }] });
const diagnose = (rule: object) =>
  parseRulePack(JSON.stringify(written(rule))).diagnostics.map(
    ({ path, severity, message }) => `${severity} ${path?.replace('rules.0', '') ?? ''} ${message}`,
  );
const keep = (...any: object[]) => ({ keep: { any } });
const ten = { newest: 10, orderBy: 'created' };
const expire = { expire: { olderThan: '14d', ageOf: 'pushed' } };
const deep = (depth: number): object => (depth === 0 ? ten : { any: [deep(depth - 1)] });

describe('the parameters of retention', () => {
  it.each<[string, object]>([
    ['keep', keep(ten)],
    ['expire', expire],
    ['both', { ...keep(ten), ...expire }],
    [
      'everything',
      {
        ...keep(
          ten,
          { newerThan: '30d', ageOf: 'created' },
          { matching: { glob: '*-lts' } },
          { matching: [{ exact: 'a' }] },
        ),
        unit: 'manifest',
        tags: [{ glob: '**' }],
        untagged: 'include',
        priority: '1',
        claims: 'true',
        floor: '1',
        groupBy: { re2: '(?P<group>\\d+)\\..*' },
        fix: 'purge',
      },
    ],
    ['four deep', { keep: deep(4) }],
    ['names and the newest', keep(ten, { matching: { exact: 'a' } })],
    ['names and a floor', { ...keep({ matching: { exact: 'a' } }), floor: '1' }],
    ['names among what expires', { ...keep({ matching: { exact: 'a' } }), ...expire }],
    ['groups by minor', { ...keep(ten), groupBy: 'minor' }],
  ])('are taken: %s', (_what, rule) => {
    expect(diagnose(rule)).toEqual([]);
  });

  it.each<[object, string]>([
    [{}, 'critical  This rule says neither what to keep nor what expires, so everything would go'],
    [keep({ newest: 0 }), 'critical .keep This "keep" keeps nothing (the newest 0)'],
    [{ ...keep({ newest: 0 }), ...expire }, 'critical .keep This "keep" keeps nothing'],
    [{ keep: { all: [ten, { newest: 0 }] } }, 'critical .keep This "keep" keeps nothing'],
    [{ keep: {} }, 'critical .keep "keep" has exactly one of any and all'],
    [{ keep: { any: [ten], all: [ten] } }, 'critical .keep "keep" has exactly one of any and all'],
    [{ keep: { any: [] } }, 'critical .keep.any "any" is an empty list'],
    [{ keep: { any: [{ all: [] }] } }, 'critical .keep.any.0.all "all" is an empty list'],
    [{ keep: deep(5) }, 'critical .keep.any.0.any.0.any.0.any.0.any "any" and "all" nest at most 4 deep'],
    [
      keep({}),
      'critical .keep.any.0 A keep clause has exactly one of newest, newerThan, matching, any, all; this one has none',
    ],
    [keep({ ...ten, newerThan: '3d' }), 'critical .keep.any.0 A keep clause has exactly one of'],
    [keep({ ...ten, ageOf: 'pushed' }), 'critical .keep.any.0.ageOf "ageOf" goes with "newerThan"'],
    [
      keep({ newerThan: '3d', orderBy: 'pushed' }),
      'critical .keep.any.0.orderBy "orderBy" goes with "newest"',
    ],
    [keep({ newest: -1 }), 'critical .keep.any.0.newest Expected a whole number from 0 to'],
    [
      keep({ newest: 1, orderBy: 'size' }),
      'critical .keep.any.0.orderBy Expected one of semver, calver, created',
    ],
    [keep({ newerThan: '30' }), 'critical .keep.any.0.newerThan Expected an age like 14d'],
    [keep({ matching: { glob: '{' } }), 'critical .keep.any.0.matching.glob This glob cannot be read'],
    [keep({ matching: [{ re2: '(' }] }), 'critical .keep.any.0.matching.0.re2 RE2 refuses this pattern'],
    [keep({ matching: 'lts' }), 'critical .keep.any.0.matching Expected'],
    [{ expire: { ageOf: 'created' } }, 'critical .expire.olderThan "olderThan" is missing'],
    [
      { ...keep(ten), groupBy: { re2: '(\\d+).*' } },
      'critical .groupBy.re2 This pattern has no group named "group"',
    ],
    [{ ...keep(ten), groupBy: 'patch' }, 'critical .groupBy Expected major, minor, or'],
    [{ ...keep(ten), unit: 'image' }, 'critical .unit Expected one of tag, manifest'],
    [{ ...keep(ten), untagged: 'yes' }, 'critical .untagged Expected one of exclude, include, only'],
    [{ ...keep(ten), fix: 'delete' }, 'critical .fix'],
    [keep(ten, { newest: 0 }), 'medium .keep The newest 0 keep nothing'],
    [keep({ matching: { exact: 'a' } }), 'medium .keep This rule keeps by name alone'],
    [{ ...expire, untagged: 'only', fix: 'untag' }, 'medium .fix Manifests without a tag cannot be untagged'],
    [
      { ...keep({ newest: 1, orderBy: 'semver' }), untagged: 'only' },
      'medium .keep "keep" goes by names here',
    ],
    [{ ...expire, untagged: 'only', tags: [{ exact: 'a' }] }, 'medium .tags "tags" goes by names here'],
    [{ ...expire, untagged: 'only', groupBy: 'major' }, 'medium .groupBy "groupBy" goes by names here'],
    [{ ...expire, on: { platforms: ['git'] } }, 'medium .expire git says neither when a tag was pushed'],
    [
      { ...keep({ newest: 1, orderBy: 'pulled' }), on: { platforms: ['git'] } },
      'medium .keep git says neither',
    ],
    [
      { ...keep(ten), untagged: 'include', on: { platforms: ['git'] } },
      'medium .untagged git has no manifests',
    ],
  ])('are faulted: %j', (rule, expected) => {
    const diagnostics = diagnose(rule);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.slice(0, expected.length)).toBe(expected);
  });

  it.each<[object, string[]]>([
    [
      keep({ newest: 1, orderBy: 'semver' }, { newest: 1, orderBy: 'name' }, { matching: { exact: 'a' } }),
      [],
    ],
    [
      keep({ newest: 1, orderBy: 'active' }, { newerThan: '1d', ageOf: 'firstSeen' }),
      ['pushed', 'pulled', 'firstSeen'],
    ],
    [{ ...keep({ newest: 1, orderBy: 'tagPushed' }), expire: { olderThan: '1d' } }, ['created', 'tagPushed']],
    [{ ...keep({ newest: 1, orderBy: 'semver' }), floor: 1 }, []],
    [{ ...expire, floor: 1 }, ['pushed']],
    [{ ...keep({ matching: { exact: 'a' } }), floor: 1 }, ['created']],
    [{ ...expire, untagged: 'only' }, ['pushed', 'untagged']],
  ])('say which facts are needed: %j', (rule, facts) => {
    expect([...policyOf(packOf(written(rule))).factsFor({ platform: 'registry', target: 't' })]).toEqual(
      facts,
    );
  });

  it.each<[object, string]>([
    [
      keep(ten, { newerThan: '30d' }, { matching: { prefix: 'v' } }),
      'Retention: all but the newest 10 by created, what is at most 30 days old (created) and names like "v…"',
    ],
    [
      { keep: { all: [ten, { newerThan: '1d' }] } },
      'Retention: all but what is in all of: the newest 10 by created and what is at most 1 day old (created)',
    ],
    [
      { ...keep({ all: [ten] }), ...expire },
      'Retention: older than 14 days (pushed), all but the newest 10 by created',
    ],
  ])('have a title for people: %j', (rule, title) => {
    expect(summarizeRules(packOf(written(rule)))[0]?.title).toBe(title);
  });
});
