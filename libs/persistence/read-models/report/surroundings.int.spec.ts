import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReportRequest, ScanOutcome } from '#application';
import { storedTarget, testDatabase, type TestDatabase } from '#testing';
import { openDatabase } from '../../open-database.js';
import type { PostgresDatabase } from '../../postgres-database.js';

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

const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
const now = (targetIds: string[] | null): ReportRequest => ({ from: hours(-1), to: hours(1), targetIds });

async function endedScan(
  targetId: string,
  outcome: Pick<ScanOutcome, 'status' | 'errors'> & Partial<ScanOutcome>,
  scopes: readonly string[] | null = null,
): Promise<void> {
  const { scans } = database.stores;
  const { scan } = await scans.enqueue({ targetId, trigger: 'MANUAL', rulePacks: null, scopes });
  await scans.claim(targetId, 'me');
  await scans.finish(scan.id, 'me', {
    progress: { done: 1, total: 2, resources: 0, tags: 0 },
    rulePacks: [],
    counts: { open: 0, new: 0, resolved: 0, bySeverity: [], byRule: [] },
    notEvaluated: [],
    ...outcome,
  });
}

it('names what the last scan of the whole could not read and not judge, though parts were scanned since', async () => {
  const { id } = await storedTarget(database);
  const refused = { code: 'REMOTE_FORBIDDEN', message: 'us-east-1 refused.', retryable: false } as const;
  const silent = { code: 'REMOTE_TIMEOUT', message: 'It was silent.', scope: null, retryable: true } as const;
  const unjudged = { rulePack: 'labels', ruleId: 'old', needs: 'a date', resources: 3 };
  await endedScan(id, { status: 'FAILED', errors: [silent] });
  await endedScan(id, {
    status: 'PARTIAL',
    errors: [{ ...refused, scope: 'us-east-1' }, silent],
    notEvaluated: [unjudged],
  });
  await endedScan(id, { status: 'SUCCEEDED', errors: [] }, ['i-1']);
  await endedScan(id, { status: 'CANCELLED', errors: [] });

  const summary = await database.readModels.reportSummary(now([id]));
  expect(summary.errors).toEqual([
    { targetId: id, scope: null, code: 'REMOTE_TIMEOUT', message: 'It was silent.' },
    { targetId: id, scope: 'us-east-1', code: 'REMOTE_FORBIDDEN', message: 'us-east-1 refused.' },
  ]);
  expect(summary.notEvaluated).toEqual([{ targetId: id, ...unjudged }]);
  expect(summary.byTarget[0]?.lastScan).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
  const before = { from: hours(-2), to: hours(-1), targetIds: [id] };
  expect(await database.readModels.reportSummary(before)).toMatchObject({
    errors: [],
    byTarget: [{ lastScan: null }],
  });
});

it('tells what became of rule packs, by whom, and which rules came and went', async () => {
  const { rulePacks, audit } = database.stores;
  const store = (name: string, rules: readonly string[], createdBy: string) =>
    rulePacks.append({
      name,
      document: '',
      rules: rules.map((key) => ({
        key,
        title: `Title of ${key}`,
        kind: 'stale-key',
        platforms: ['ec2'],
        severity: 'low',
        fixable: false,
      })),
      createdBy,
      expectedVersion: null,
    });
  await store('labels', ['a', 'b'], 'token:one');
  await store('labels', ['b', 'c'], 'token:two');
  await rulePacks.remove('labels');
  await audit.append({
    actor: 'token:three',
    action: 'rule-pack.delete',
    subject: 'rule-pack:labels',
    details: {},
    at: new Date(),
  });
  await store('labels', ['c'], 'token:four');

  const { packChanges } = await database.readModels.reportSummary(now(null));
  expect(packChanges.map(({ at: _at, ...change }) => change)).toEqual([
    { name: 'labels', fromVersion: null, toVersion: 1, by: 'token:one', added: ['a', 'b'], removed: [] },
    { name: 'labels', fromVersion: 1, toVersion: 2, by: 'token:two', added: ['c'], removed: ['a'] },
    { name: 'labels', fromVersion: 2, toVersion: null, by: 'token:three', added: [], removed: ['b', 'c'] },
    { name: 'labels', fromVersion: null, toVersion: 3, by: 'token:four', added: ['c'], removed: [] },
  ]);
  const later = { from: hours(1), to: hours(2), targetIds: null };
  expect((await database.readModels.reportSummary(later)).packChanges).toEqual([]);
});
