import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingRecord, ReportRequest } from '#application';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../../open-database.js';
import type { PostgresDatabase } from '../../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const NONE = { open: 0, new: 0, resolved: 0, suppressed: 0 };

let server: TestDatabase;
let database: PostgresDatabase;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function findings(request: ReportRequest): Promise<FindingRecord[]> {
  const found: FindingRecord[] = [];
  for await (const finding of database.readModels.reportFindings(request)) found.push(finding);
  return found;
}

const summaryOf = (request: ReportRequest) => database.readModels.reportSummary(request);
const RESOURCES = [
  aResource('i-1', [aTag('a'), aTag('b'), aTag('c'), aTag('d')]),
  aResource('i-2', [aTag('owner', 'payments')]),
];

/** A scan of one target that finds these; `high…` on i-1, the others on what they name. */
async function scan(targetId: string, day: number, ids: readonly string[]) {
  const faults = ids.map((id) => {
    const severity = id.startsWith('high') ? 'high' : 'low';
    const resource = id.startsWith('paid') ? 'i-2' : 'i-1';
    return aFault(id, { resource, tag: resource === 'i-1' ? 'a' : 'owner', severity });
  });
  await runScan(database, {
    targetId,
    at: at(day),
    ownerTag: 'owner',
    units: [{ unit: UNIT, resources: RESOURCES, faults }],
  });
}

describe('a period over two of three targets', () => {
  let one: string, two: string;
  let request: ReportRequest;
  beforeAll(async () => {
    one = (await storedTarget(database, { name: 'one' })).id;
    two = (await storedTarget(database, { name: 'two', platform: 'git' })).id;
    const other = (await storedTarget(database, { name: 'other' })).id;
    await scan(one, 1, ['long gone', 'gone', 'old', 'known', 'paid']);
    await scan(one, 2, ['gone', 'old', 'known', 'paid']);
    const suppression = { reason: 'r', by: 'b', at: at(3), until: null };
    await database.stores.findings.suppress('known', suppression, null);
    await database.stores.targets.refreshScore(one, at(3));
    await scan(one, 12, ['old', 'known', 'high new', 'paid']);
    await scan(two, 13, ['high two']);
    await scan(other, 13, ['other']);
    await scan(two, 30, ['high two', 'late']);
    request = { from: at(10), to: at(20), targetIds: [one, two] };
  });

  it('is counted in every way alike', async () => {
    const summary = await summaryOf(request);
    const all = { open: 4, new: 2, resolved: 1, suppressed: 1 };

    expect(summary.targets.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(summary.totals).toEqual({ ...all, flapping: 0, fixable: 4 });
    expect(summary.bySeverity).toEqual([
      { severity: 'critical', ...NONE },
      { severity: 'high', ...NONE, open: 2, new: 2 },
      { severity: 'medium', ...NONE },
      { severity: 'low', open: 2, new: 0, resolved: 1, suppressed: 1 },
      { severity: 'info', ...NONE },
    ]);
    expect(summary.byRule).toEqual([
      { rulePack: 'labels', ruleId: 'spelling', title: 'spelling', severity: 'high', ...all },
    ]);
    expect(summary.byTarget).toMatchObject([
      { targetId: one, open: 3, new: 1, resolved: 1, suppressed: 1, tags: 5 },
      { targetId: two, open: 1, new: 1, resolved: 0, suppressed: 0, tags: 5 },
    ]);
    expect(summary.byPlatform).toMatchObject([
      { platform: 'ec2', targets: 1, open: 3, new: 1 },
      { platform: 'git', targets: 1, open: 1, new: 1 },
    ]);
    expect(summary.byTeam).toEqual([
      { team: null, open: 3, new: 2, resolved: 1, suppressed: 1 },
      { team: 'payments', open: 1, new: 0, resolved: 0, suppressed: 0 },
    ]);
    expect(summary.teamsBeyond).toBe(0);
    expect(summary.oldest.map(({ id }) => id)).toEqual(['old', 'paid', 'high new', 'high two']);
  });

  it('has the score at its end, before it began, and each day of its trend', async () => {
    const summary = await summaryOf(request);
    // One tag of severity low and one of severity high among ten; before, two of severity low among five.
    expect(summary.score).toBeCloseTo(100 * (1 - (0.7 + 0.1 + 0.7) / 10), 10);
    expect(summary.scoreBefore).toBeCloseTo(100 * (1 - 0.2 / 5), 10);
    expect(summary.byTarget.map(({ score, scoreBefore }) => [score, scoreBefore])).toEqual([
      [expect.closeTo(84, 10), expect.closeTo(96, 10)],
      [expect.closeTo(86, 10), null],
    ]);
    expect(summary.byPlatform.map(({ score }) => score)).toEqual([
      expect.closeTo(84, 10),
      expect.closeTo(86, 10),
    ]);
    expect(summary.tags).toBe(10);
    expect(summary.trend.map((point) => [point.at, point.open, Math.round(point.score * 1e6) / 1e6])).toEqual(
      [
        [at(1), 5, 96],
        [at(2), 4, 96],
        [at(3), 3, 96],
        [at(12), 3, 84],
        [at(13), 4, 85],
      ],
    );
  });

  it('lists the findings that were open in it, most severe first, as they stood at its end', async () => {
    const rows = await findings(request);
    expect(rows.map(({ id, state }) => [id, state])).toEqual([
      ['high new', 'OPEN'],
      ['high two', 'OPEN'],
      ['gone', 'RESOLVED'],
      ['old', 'OPEN'],
      ['paid', 'OPEN'],
    ]);
    expect((await findings({ ...request, targetIds: [] })).length).toBe(0);
    expect((await summaryOf({ ...request, targetIds: null })).totals.open).toBe(5);
  });

  it('of the past is counted as it was, not as it became since', async () => {
    const past: ReportRequest = { from: at(1), to: new Date(at(2).getTime() + 1), targetIds: [one, two] };
    const { totals, score, oldest } = await summaryOf(past);
    expect(totals).toMatchObject({ open: 4, new: 5, resolved: 1, suppressed: 0 });
    expect(score).toBeCloseTo(96, 10);
    expect(oldest.map(({ id, state }) => [id, state])).toEqual([
      ['gone', 'OPEN'],
      ['known', 'OPEN'],
      ['old', 'OPEN'],
      ['paid', 'OPEN'],
    ]);
    const rows = await findings(past);
    expect(rows.filter(({ state }) => state === 'OPEN')).toHaveLength(totals.open);
    expect(rows.find(({ id }) => id === 'gone')).toMatchObject({ state: 'OPEN', resolvedAt: null });
    expect(rows.find(({ id }) => id === 'known')).toMatchObject({ state: 'OPEN', suppression: null });
  });
});

it('knows a fault that went and came back in each period for what it was', async () => {
  const { id } = await storedTarget(database);
  const [came, stays] = [`${id} came`, `${id} stays`];
  await scan(id, 1, [came, stays]);
  await scan(id, 5, [stays]);
  await scan(id, 12, [came, stays]);
  const over = (from: number, to: number) => ({ from: at(from), to: at(to), targetIds: [id] });

  expect((await summaryOf(over(1, 4))).totals).toMatchObject({ open: 2, new: 2, resolved: 0 });
  expect((await summaryOf(over(4, 8))).totals).toMatchObject({ open: 1, new: 0, resolved: 1 });
  expect((await findings(over(4, 8))).map((row) => [row.id, row.state, row.resolvedAt])).toEqual([
    [came, 'RESOLVED', at(5)],
    [stays, 'OPEN', null],
  ]);
  expect((await summaryOf(over(8, 11))).totals).toMatchObject({ open: 1, new: 0, resolved: 0 });
  expect((await findings(over(8, 11))).map((row) => row.id)).toEqual([stays]);
  expect((await summaryOf(over(8, 20))).totals).toMatchObject({ open: 2, new: 1, resolved: 0, flapping: 0 });
  expect((await summaryOf(over(1, 20))).totals).toMatchObject({ open: 2, new: 2, resolved: 1 });

  await scan(id, 21, [stays]);
  await scan(id, 22, [came, stays]);
  expect((await summaryOf(over(20, 30))).totals).toMatchObject({ open: 2, new: 1, resolved: 1, flapping: 1 });
});

it('counts a suppression that has run out as open, whoever noticed', async () => {
  const { id } = await storedTarget(database);
  await scan(id, 1, [id]);
  const suppression = { reason: 'r', by: 'b', at: at(2), until: at(9) };
  await database.stores.findings.suppress(id, suppression, null);
  const over = (from: number, to: number) => ({ from: at(from), to: at(to), targetIds: [id] });

  expect((await summaryOf(over(3, 8))).totals).toMatchObject({ open: 0, suppressed: 1 });
  expect(await findings(over(3, 8))).toEqual([]);
  expect((await summaryOf(over(3, 12))).totals).toMatchObject({ open: 1, suppressed: 0 });
  expect(await findings(over(3, 12))).toMatchObject([{ state: 'OPEN', suppression: null }]);
});

it('has no score when nothing was scanned, and lists at most a hundred teams', async () => {
  const { id } = await storedTarget(database);
  const request = { from: at(1), to: at(30), targetIds: [id] };
  expect(await summaryOf(request)).toMatchObject({
    score: null,
    scoreBefore: null,
    trend: [],
    tags: 0,
    totals: { ...NONE, flapping: 0, fixable: 0 },
    byTarget: [{ score: null, lastScan: null }],
    errors: [],
  });
  const teams = Array.from({ length: 103 }, (_, n) => `team ${String(n).padStart(3, '0')}`);
  await runScan(database, {
    targetId: id,
    at: at(5),
    ownerTag: 'owner',
    units: [
      {
        unit: UNIT,
        resources: teams.map((team) => aResource(team, [aTag('owner', team)])),
        faults: teams.map((team) => aFault(`${id} ${team}`, { resource: team, tag: 'owner' })),
      },
    ],
  });
  const { byTeam, teamsBeyond } = await summaryOf(request);
  expect([byTeam.length, byTeam[0]?.team, teamsBeyond]).toEqual([100, 'team 000', 3]);
});

it('streams more findings than a page holds, each once', async () => {
  const { id } = await storedTarget(database);
  const faults = Array.from({ length: 2_300 }, (_, n) => aFault(`${id}-${n}`));
  await runScan(database, { targetId: id, at: at(12), units: [{ unit: UNIT, faults }] });
  const found = await findings({ from: at(10), to: at(20), targetIds: [id] });
  expect(new Set(found.map(({ id: finding }) => finding)).size).toBe(2_300);
  expect(found).toHaveLength(2_300);
});
