import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingFilter, ResourceFilter, TagFilter, TargetFilter } from '#application';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: null };
const ALL = { first: 200, after: null };
const RULES = [
  { rulePack: 'labels', ruleId: 'spelling' },
  { rulePack: 'labels', ruleId: 'empty' },
  { rulePack: 'pointers', ruleId: 'spelling' },
];
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

let server: TestDatabase;
let database: PostgresDatabase;
let ec2: string;
let git: string;
let scanIds: readonly string[];
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  const labels = [
    { key: 'env', value: 'prod' },
    { key: 'team', value: 'core' },
  ];
  ec2 = (await storedTarget(database, { name: 'AWS 100%_prod', labels })).id;
  git = (
    await storedTarget(database, {
      name: 'forge',
      platform: 'git',
      location: 'https://Git.example/Ä',
      labels: labels.slice(0, 1),
    })
  ).id;
  const instance = aResource('i-1', [aTag('owner', 'core'), aTag('enviroment', 'prod')]);
  const volume = aResource('vol-1', [], { resourceType: 'volume' });
  const faults = [
    aFault('one', { severity: 'critical', message: 'ÄRGER with 100% of it' }),
    aFault('two', { severity: 'low', ruleId: 'empty', fixable: false, tag: 'b_c' }),
    aFault('three', {
      resource: 'vol-1',
      resourceType: 'volume',
      rulePack: 'pointers',
      tag: null,
      value: 'Some\\Value',
    }),
  ];
  const scan = (targetId: string, minute: number, found: typeof faults) =>
    runScan(database, {
      targetId,
      at: at(minute),
      rules: RULES,
      ownerTag: 'owner',
      units: [{ unit: UNIT, resources: [instance, volume], faults: found }],
    });
  const scans = [
    await scan(ec2, 1, faults.slice(0, 2)),
    await scan(ec2, 2, faults.slice(1)),
    await scan(git, 3, [aFault('four', { severity: 'high' })]),
    await scan(ec2, 4, faults.slice(1)),
  ];
  scanIds = scans.map(({ scan: { id } }) => id);
  for (const minute of [5, 7]) {
    await scan(git, minute, []);
    await scan(git, minute + 1, [aFault('four', { severity: 'high' })]);
  }
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

it("gives the findings of Tagward's own rules to every scan that kept them", async () => {
  const { id } = await storedTarget(database, { name: 'conflicts' });
  const conflict = aFault('conflict', { rulePack: 'tagward', ruleId: 'rule-conflict' });
  const script = { targetId: id, rules: [...RULES, { rulePack: 'tagward', ruleId: 'rule-conflict' }] };
  const units = [{ unit: UNIT, resources: [aResource('i-1', [])], faults: [conflict] }];
  await runScan(database, { ...script, units, at: at(1) });
  const { scan } = await runScan(database, { ...script, units, at: at(2) });
  const page = await database.readModels.findings({ scanId: scan.id }, 'SEVERITY_DESC', ALL, null);
  await database.stores.targets.remove(id);
  expect(page.edges.map(({ node }) => node.id)).toEqual(['conflict']);
});

describe('findings', () => {
  const cases: [string, () => FindingFilter, string[]][] = [
    ['nothing', () => ({}), ['four', 'one', 'three', 'two']],
    ['targets', () => ({ targetIds: [git] }), ['four']],
    ['platforms', () => ({ platforms: ['ec2'] }), ['one', 'three', 'two']],
    ['rules by id', () => ({ ruleIds: ['spelling'] }), ['four', 'one', 'three']],
    ['rules by pack and id', () => ({ ruleIds: ['pointers/spelling', 'empty'] }), ['three', 'two']],
    ['packs', () => ({ rulePacks: ['pointers'] }), ['three']],
    ['severities', () => ({ severities: ['critical', 'high'] }), ['four', 'one']],
    ['one severity', () => ({ severities: ['low'] }), ['two']],
    ['states', () => ({ states: ['RESOLVED'] }), ['one']],
    ['several states', () => ({ states: ['RESOLVED', 'SUPPRESSED'] }), ['one']],
    [
      'labels, all of them',
      () => ({
        labels: [
          { key: 'env', value: 'prod' },
          { key: 'team', value: 'core' },
        ],
      }),
      ['one', 'three', 'two'],
    ],
    [
      'a label with what PostgreSQL cannot store',
      () => ({ labels: [{ key: 'env\0', value: '\ud800' }] }),
      [],
    ],
    ['teams', () => ({ teams: ['core'] }), ['four', 'one', 'two']],
    ['resources', () => ({ resources: ['vol-1'] }), ['three']],
    ['tags', () => ({ tags: ['b_c', 'x'] }), ['two']],
    ['fixable', () => ({ fixable: false }), ['two']],
    ['flapping', () => ({ flapping: true }), ['four']],
    ['not flapping', () => ({ flapping: false }), ['one', 'three', 'two']],
    ['a text, whatever its case', () => ({ search: 'ärger' }), ['one']],
    ['a percent sign', () => ({ search: '0% OF' }), ['one']],
    ['a percent sign that is no wildcard', () => ({ search: '1%0' }), []],
    ['an underscore', () => ({ search: 'b_c' }), ['two']],
    ['an underscore that is no wildcard', () => ({ search: 'o_e' }), []],
    ['a backslash', () => ({ search: 'some\\' }), ['three']],
    ['a text of a resource', () => ({ search: 'VOL-' }), ['three']],
    [
      'several limits at once',
      () => ({ platforms: ['ec2'], states: ['OPEN'], search: 'enviroment' }),
      ['three', 'two'],
    ],
    ['a scan that opened some', () => ({ scanId: scanIds[0] ?? '' }), ['one', 'two']],
    ['a scan that opened, kept and resolved', () => ({ scanId: scanIds[1] ?? '' }), ['one', 'three', 'two']],
    ['a scan that only kept', () => ({ scanId: scanIds[3] ?? '' }), ['three', 'two']],
    ['a scan that is not there', () => ({ scanId: 'nobody' }), []],
  ];
  it.each(cases)('limited by %s', async (_what, filter, expected) => {
    const page = await database.readModels.findings(filter(), 'SEVERITY_DESC', ALL, null);
    expect(page.edges.map(({ node }) => node.id).sort()).toEqual(expected);
    expect(await page.totalCount()).toBe(expected.length);
  });

  const empty: (keyof FindingFilter)[] = [
    ...([
      'targetIds',
      'platforms',
      'ruleIds',
      'rulePacks',
      'severities',
      'states',
      'labels',
      'teams',
      'resources',
    ] as const),
    'tags',
  ];
  it.each(empty)('an empty list of %s matches nothing', async (name) => {
    expect((await database.readModels.findings({ [name]: [] }, 'LAST_SEEN_DESC', ALL, null)).edges).toEqual(
      [],
    );
  });
});

describe('targets', () => {
  const cases: [TargetFilter, string[]][] = [
    [{}, ['AWS 100%_prod', 'forge']],
    [{ search: '0%_' }, ['AWS 100%_prod']],
    [{ search: 'GIT.EXAMPLE/ä' }, ['forge']],
    [{ platforms: ['git'] }, ['forge']],
    [{ platforms: [] }, []],
    [{ labels: [{ key: 'env', value: 'prod' }] }, ['AWS 100%_prod', 'forge']],
    [{ labels: [{ key: 'team', value: 'core' }] }, ['AWS 100%_prod']],
    [{ labels: [{ key: 'env', value: 'core' }] }, []],
  ];
  it.each(cases)('limited by %j', async (filter, expected) => {
    const page = await database.readModels.targets(filter, ALL, null);
    expect(page.edges.map(({ node }) => node.name)).toEqual(expected);
  });
});

describe('inventory', () => {
  const tags: [() => TagFilter, number][] = [
    [() => ({}), 4],
    [() => ({ targetIds: [ec2] }), 2],
    [() => ({ targetIds: [] }), 0],
    [() => ({ platforms: ['git'] }), 2],
    [() => ({ name: 'owner' }), 2],
    [() => ({ name: 'owner', value: 'nobody' }), 0],
    [() => ({ resource: 'i-1' }), 4],
    [() => ({ search: 'ENVIRO' }), 2],
  ];
  it.each(tags)('tags limited by %s', async (filter, expected) => {
    expect(await (await database.readModels.tags(filter(), ALL, null)).totalCount()).toBe(expected);
  });

  const resources: [() => ResourceFilter, string[]][] = [
    [() => ({ targetIds: [ec2] }), ['i-1', 'vol-1']],
    [() => ({ targetIds: [ec2], resourceTypes: ['volume'] }), ['vol-1']],
    [() => ({ targetIds: [ec2], tagged: true }), ['i-1']],
    [() => ({ targetIds: [ec2], tagged: false }), ['vol-1']],
    [() => ({ targetIds: [ec2], search: 'VOL' }), ['vol-1']],
    [() => ({ platforms: ['docker'] }), []],
    [() => ({ removable: true }), []],
  ];
  it.each(resources)('resources limited by %s', async (filter, expected) => {
    const page = await database.readModels.resources(filter(), ALL, null);
    expect(page.edges.map(({ node }) => node.resource)).toEqual(expected);
  });
});

describe('scans', () => {
  it('are limited by target and status', async () => {
    const page = await database.readModels.scans({ targetId: ec2, status: 'SUCCEEDED' }, ALL, null);
    expect(page.edges.map(({ node }) => node.id)).toEqual([scanIds[3], scanIds[1], scanIds[0]]);
    expect((await database.readModels.scans({ status: 'FAILED' }, ALL, null)).edges).toEqual([]);
  });
});
