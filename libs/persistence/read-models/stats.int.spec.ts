import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingFilter, StatGroup, Visible } from '#application';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const at = (day: number) => new Date(Date.UTC(2026, 0, 1) + (day - 1) * 86_400_000);
const RULES = [
  { rulePack: 'labels', ruleId: 'spelling' },
  { rulePack: 'labels', ruleId: 'case' },
];
const WEEK = { from: at(10), to: at(17) };

let server: TestDatabase;
let database: PostgresDatabase;
let one: string, two: string;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
  const production = { key: 'env', value: 'production' };
  const labels = [production, { key: 'site', value: 'eu' }];
  one = (await storedTarget(database, { name: 'one', labels })).id;
  two = (await storedTarget(database, { name: 'two', platform: 'git', labels: [production] })).id;
  await storedTarget(database, { name: 'clean', platform: 'registry' });
  await scan(one, 1, ['old', 'gone']);
  await scan(one, 12, ['old', 'high', 'paid']);
  await scan(two, 13, ['two']);
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function scan(targetId: string, day: number, ids: readonly string[]): Promise<void> {
  const resources = [
    aResource('i-1', [aTag('a'), aTag('b'), aTag('c'), aTag('d')]),
    aResource('i-2', [aTag('owner', 'payments')]),
  ];
  const faults = ids.map((id) =>
    aFault(id, {
      resource: id === 'paid' ? 'i-2' : 'i-1',
      tag: id === 'paid' ? 'owner' : 'a',
      severity: id === 'high' ? 'high' : 'low',
      ruleId: id === 'two' ? 'case' : 'spelling',
    }),
  );
  await runScan(database, {
    targetId,
    at: at(day),
    rules: RULES,
    ownerTag: 'owner',
    units: [{ unit: UNIT, resources, faults }],
  });
}

async function stats(groupBy: StatGroup, filter: FindingFilter = {}, visible: Visible = null) {
  const rows = await database.readModels.findingStats(filter, { groupBy, ...WEEK }, visible);
  return rows.map(({ group, open, new: found, resolved, score }) => [
    group,
    open,
    found,
    resolved,
    score === null ? null : Math.round(score * 1e6) / 1e6,
  ]);
}

describe('findingStats', () => {
  it('counts by target, with its score, those without a finding too', async () => {
    expect(await stats('TARGET')).toEqual([
      ['one', 3, 2, 1, 84],
      ['two', 1, 1, 0, 98],
      ['clean', 0, 0, 0, null],
    ]);
  });

  it('counts by platform and by label, a target with several labels in each of them', async () => {
    expect(await stats('PLATFORM')).toEqual([
      ['EC2', 3, 2, 1, 84],
      ['GIT', 1, 1, 0, 98],
      ['REGISTRY', 0, 0, 0, null],
    ]);
    expect(await stats('LABEL')).toEqual([
      ['env=production', 4, 3, 1, 91],
      ['site=eu', 3, 2, 1, 84],
    ]);
  });

  it('counts by team, rule and severity, without a score', async () => {
    expect(await stats('TEAM')).toEqual([
      ['', 3, 2, 1, null],
      ['payments', 1, 1, 0, null],
    ]);
    expect(await stats('RULE')).toEqual([
      ['labels/spelling', 3, 2, 1, null],
      ['labels/case', 1, 1, 0, null],
    ]);
    expect(await stats('SEVERITY')).toEqual([
      ['LOW', 3, 2, 1, null],
      ['HIGH', 1, 1, 0, null],
    ]);
  });

  it('counts what the filter leaves, of targets that the viewer may see', async () => {
    expect(await stats('TARGET', { severities: ['high'], platforms: ['ec2'] })).toEqual([
      ['one', 1, 1, 0, 84],
    ]);
    expect(await stats('RULE', { teams: ['payments'] })).toEqual([['labels/spelling', 1, 1, 0, null]]);
    expect(await stats('RULE', {}, [two])).toEqual([['labels/case', 1, 1, 0, null]]);
    expect(await stats('TARGET', {}, [two])).toEqual([['two', 1, 1, 0, 98]]);
    expect(await stats('LABEL', { targetIds: [one] }, [two])).toEqual([]);
    expect(await stats('SEVERITY', {}, [])).toEqual([]);
  });

  it('gives at most a thousand groups, the most open ones', async () => {
    const { id } = await storedTarget(database, { name: 'wide' });
    const teams = Array.from({ length: 1_005 }, (_, n) => `team ${String(n).padStart(4, '0')}`);
    const faults = teams.map((team) => aFault(`wide ${team}`, { resource: team, tag: 'owner' }));
    await runScan(database, {
      targetId: id,
      at: at(12),
      ownerTag: 'owner',
      units: [
        {
          unit: UNIT,
          resources: teams.map((team) => aResource(team, [aTag('owner', team)])),
          faults: [
            ...faults,
            aFault('wide twice', { resource: 'team 1003', tag: 'owner', ruleId: 'spelling' }),
          ],
        },
      ],
    });
    const rows = await stats('TEAM', { targetIds: [id] });
    expect([rows.length, rows[0]?.[0], rows[1]?.[0]]).toEqual([1_000, 'team 1003', 'team 0000']);
  });
});

describe('scoreHistory', () => {
  it('has one point a day, over the targets asked for as they stood at its end', async () => {
    await scan(one, 12.25, ['old']);
    const history = async (targetIds: Visible, from = at(1), to = at(30)) => {
      const points = await database.readModels.scoreHistory({ from, to, targetIds });
      return points.map(({ at: when, open, score }) => [when, open, Math.round(score * 1e6) / 1e6]);
    };
    expect(await history([one])).toEqual([
      [at(1), 2, 98],
      [at(12.25), 1, 98],
    ]);
    expect(await history([one, two])).toEqual([
      [at(1), 2, 98],
      [at(12.25), 1, 98],
      [at(13), 2, 98],
    ]);
    expect(await history([one, two], at(13))).toEqual([[at(13), 2, 98]]);
    expect(await history([one], at(2), at(3))).toEqual([]);
    expect(await history([])).toEqual([]);
  });
});
