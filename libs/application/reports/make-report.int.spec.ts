import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { HygieneError } from '#core';
import { DiskReportFiles, openDatabase, type PostgresDatabase } from '#persistence';
import { aFault, runScan, storedTarget, testDatabase, type TestDatabase } from '#testing';
import type { ReportFormat } from '../records/report.js';
import { MakeReport, type RenderReport } from './make-report.js';

const UNIT = { scope: 'eu-central-1', resourceType: 'instance' };
const clock = { now: () => new Date('2026-02-01T00:00:00Z') };

let server: TestDatabase;
let database: PostgresDatabase;
let directory: string;
let files: DiskReportFiles;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({ poolConfig: server.poolConfig });
  await database.migrate();
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'make-report-'));
  files = new DiskReportFiles(directory);
  return () => rm(directory, { recursive: true });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

/** One line a finding. */
const render: RenderReport = async function* (_format, model) {
  for await (const { id, state } of model.findings()) yield `${id} ${state}\n`;
};

async function scan(targetId: string, ids: readonly string[]): Promise<void> {
  const faults = ids.map((id) => aFault(`${targetId} ${id}`));
  await runScan(database, { targetId, at: new Date('2026-01-10'), units: [{ unit: UNIT, faults }] });
}

async function asked(targetId: string, formats: ReportFormat[]) {
  return database.stores.reports.insert({
    from: new Date('2026-01-01'),
    to: new Date('2026-01-31'),
    targetIds: [targetId],
    formats,
    createdBy: 'me',
  });
}

const quiet = {
  deliveryQueue: { enqueue: async () => {} },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
};

it('makes every file of one moment, whatever a scan changes meanwhile', async () => {
  const { id } = await storedTarget(database);
  await scan(id, ['a', 'b']);
  const report = await asked(id, ['HTML', 'CSV', 'JSON']);
  const meddling: RenderReport = async function* (format, model) {
    yield* render(format, model);
    if (format === 'HTML') await scan(id, ['b', 'c']);
  };

  await new MakeReport({ database, files, render: meddling, clock, ...quiet }).execute(report.id);

  const made = await database.stores.reports.find(report.id);
  expect(made).toMatchObject({ status: 'READY', error: null });
  expect(made?.files.map(({ format }) => format)).toEqual(['HTML', 'CSV', 'JSON']);
  expect(new Set(made?.files.map(({ sha256 }) => sha256)).size).toBe(1);
  const text = await readFile((await files.path(report.id, 'JSON')) ?? '', 'utf8');
  expect(text).toBe(`${id} a OPEN\n${id} b OPEN\n`);
  expect(made?.totals).toEqual([
    { name: 'open', count: 2 },
    { name: 'new', count: 2 },
    { name: 'resolved', count: 0 },
    { name: 'suppressed', count: 0 },
    { name: 'flapping', count: 0 },
    { name: 'fixable', count: 2 },
    { name: 'tags', count: made?.totals.at(-1)?.count },
  ]);
});

it('F32: ends FAILED with the reason when the disk is full, and leaves no file', async () => {
  const { id } = await storedTarget(database);
  await scan(id, ['a']);
  const report = await asked(id, ['CSV', 'HTML']);
  const filling: RenderReport = async function* (format, model) {
    if (format === 'CSV') await symlink('/dev/full', join(directory, report.id, 'report.html.part'));
    yield* render(format, model);
  };

  const making = new MakeReport({ database, files, render: filling, clock, ...quiet }).execute(report.id);

  await expect(making).rejects.toMatchObject({ code: 'DATA_DIRECTORY_INVALID' });
  expect(await database.stores.reports.find(report.id)).toMatchObject({
    status: 'FAILED',
    error: expect.stringContaining('the disk is full; free some space'),
    files: [],
  });
  expect(await readdir(directory)).toEqual([]);
});

it('leaves a report that may be tried again as it is, and tells no more than it may of a defect', async () => {
  const { id } = await storedTarget(database);
  const failing = async (error: Error) => {
    const report = await asked(id, ['CSV']);
    const broken: RenderReport = () => {
      throw error;
    };
    const making = new MakeReport({ database, files, render: broken, clock, ...quiet }).execute(report.id);
    await expect(making).rejects.toBe(error);
    return database.stores.reports.find(report.id);
  };
  expect(await failing(new HygieneError('DEPENDENCY_DOWN', 'away'))).toMatchObject({ status: 'QUEUED' });
  expect(await failing(new TypeError('the inner secret'))).toMatchObject({
    status: 'FAILED',
    error: expect.not.stringContaining('secret'),
  });
});
