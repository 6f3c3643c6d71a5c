import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from './bench-row.js';
import { MeasuredService } from './measured-service.js';
import { makePageWorld } from './page-world.js';

const FINDINGS = 100_000;
const MOST_MS = 30_000;
const MOST_MB = 150;
const MB = 1_000_000;
/** Of `npm run start:worker`. */
const WORKER_FLAGS = ['--max-semi-space-size=3', '--max-old-space-size=512'];

/** A report of 100,000 findings in all five formats by a worker, beside the limits that are promised. */
export async function benchReport(databaseUrl: string): Promise<BenchRow[]> {
  await makePageWorld(databaseUrl, FINDINGS);
  const folder = await mkdtemp(join(tmpdir(), 'tagward-report-'));
  const service = await MeasuredService.startOn(folder, databaseUrl, WORKER_FLAGS);
  try {
    const { wall, before, peak, files } = await service.report();
    const name = 'report: 100,000 findings, five files';
    return [
      { name, ours: wall, baseline: MOST_MS, ratio: wall / MOST_MS, goal: '<= 1', unit: 'ms' },
      {
        ...{ name: `${name}, memory more than at rest`, ours: peak - before, baseline: MOST_MB },
        ...{ ratio: (peak - before) / MOST_MB, goal: '<= 1', unit: 'MB' },
      },
      ...files.map(({ format, bytes }) => {
        const largest = Math.max(...files.map((file) => file.bytes));
        const size = { ours: bytes / MB, baseline: largest / MB, ratio: bytes / largest };
        return { ...size, name: `${name}: ${format} beside the largest`, goal: '-', unit: 'MB' };
      }),
    ];
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
