import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindingRecord, ReportRequest } from '#application';
import { aFault, aResource, aTag, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../open-database.js';
import type { PostgresDatabase } from '../postgres-database.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

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

it('sums up a period over targets, and streams its findings most severe first', async () => {
  const [one, two, other] = [
    await storedTarget(database, { name: 'one' }),
    await storedTarget(database, { name: 'two' }),
    await storedTarget(database, { name: 'other' }),
  ];
  const resources = [aResource('i-1', [aTag('a'), aTag('b'), aTag('c'), aTag('d')])];
  const scan = (targetId: string, day: number, ids: readonly string[]) =>
    runScan(database, {
      targetId,
      at: at(day),
      units: [
        {
          unit: UNIT,
          resources,
          faults: ids.map((id) => aFault(id, { tag: 'a', severity: id.startsWith('high') ? 'high' : 'low' })),
        },
      ],
    });
  await scan(one.id, 1, ['long gone', 'gone', 'old', 'known']);
  await scan(one.id, 2, ['gone', 'old', 'known']);
  await scan(one.id, 12, ['old', 'known', 'high new']);
  await scan(two.id, 13, ['high two']);
  await scan(other.id, 13, ['other']);
  await scan(two.id, 30, ['high two', 'late']);
  const suppression = { reason: 'r', by: 'b', at: at(3), until: null };
  await database.stores.findings.suppress('known', suppression, null);
  await database.stores.targets.refreshScore(one.id);

  const request = { from: at(10), to: at(20), targetIds: [one.id, two.id] };
  const summary = await database.readModels.reportSummary(request);
  expect(summary.targets.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(summary.totals).toEqual({ open: 3, new: 2, resolved: 1, suppressed: 1 });
  expect(summary.score).toBeCloseTo(100 * (1 - (0.7 + 0.7) / 8), 10);
  expect(summary.bySeverity.slice(0, 4)).toEqual([
    { severity: 'critical', open: 0 },
    { severity: 'high', open: 2 },
    { severity: 'medium', open: 0 },
    { severity: 'low', open: 1 },
  ]);
  expect(summary.byRule).toEqual([{ rulePack: 'labels', ruleId: 'spelling', open: 3 }]);
  expect(summary.byTarget).toEqual([
    { targetId: one.id, open: 2, new: 1, resolved: 1, score: expect.closeTo(82.5, 10) },
    { targetId: two.id, open: 1, new: 1, resolved: 0, score: expect.closeTo(82.5, 10) },
  ]);
  expect((await findings(request)).map(({ id }) => id)).toEqual(['high new', 'high two', 'gone', 'old']);
  expect((await findings({ ...request, targetIds: [] })).length).toBe(0);
  expect((await database.readModels.reportSummary({ ...request, targetIds: null })).totals.open).toBe(4);
});

it('has no score when nothing was scanned, and names what the last scan could not read', async () => {
  const { id } = await storedTarget(database);
  const request = { from: at(1), to: at(30), targetIds: [id] };
  expect(await database.readModels.reportSummary(request)).toMatchObject({
    score: null,
    errors: [],
    totals: { open: 0 },
  });
  const { scans } = database.stores;
  const { scan } = await scans.enqueue({ targetId: id, trigger: 'MANUAL', rulePacks: null, scopes: null });
  await scans.claim(id, 'me');
  await scans.finish(scan.id, 'me', {
    status: 'PARTIAL',
    progress: { done: 1, total: 2, resources: 0, tags: 0 },
    rulePacks: [],
    counts: { open: 0, new: 0, resolved: 0, bySeverity: [], byRule: [] },
    notEvaluated: [],
    errors: [
      { code: 'REMOTE_FORBIDDEN', message: 'us-east-1 refused.', scope: 'us-east-1', retryable: false },
    ],
  });
  const { errors } = await database.readModels.reportSummary(request);
  expect(errors).toEqual([{ targetId: id, scope: 'us-east-1', message: 'us-east-1 refused.' }]);
});

it('streams more findings than a page holds, each once', async () => {
  const { id } = await storedTarget(database);
  const faults = Array.from({ length: 2_300 }, (_, n) => aFault(`${id}-${n}`));
  await runScan(database, { targetId: id, at: at(12), units: [{ unit: UNIT, faults }] });
  const found = await findings({ from: at(10), to: at(20), targetIds: [id] });
  expect(new Set(found.map(({ id: finding }) => finding)).size).toBe(2_300);
  expect(found).toHaveLength(2_300);
});
