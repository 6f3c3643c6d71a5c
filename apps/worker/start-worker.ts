import {
  Deliver,
  LoadPolicy,
  MakeReport,
  OpenTarget,
  RecoverWork,
  RunSchedules,
  ScanLane,
  ScanTarget,
} from '#application';
import type { Foundation, Stoppable } from '#composition';
import { renderReport } from '#reports';
import { Worker } from './worker.js';

const CONCURRENCY = 4;

/** A worker that takes jobs. `stop` gives running scans back and waits for the rest. */
export async function startWorker({ backends, deps, logger }: Foundation): Promise<Stoppable> {
  const { database, queue, reportFiles } = backends;
  const openTarget = new OpenTarget(deps);
  const loadPolicy = new LoadPolicy(database.stores.rulePacks);
  const worker = new Worker({
    queue,
    scanTarget: new ScanTarget({ ...deps, openTarget, loadPolicy }),
    scanLane: new ScanLane({ ...deps, openTarget, loadPolicy }),
    makeReport: new MakeReport({ ...deps, files: reportFiles, render: renderReport }),
    deliver: new Deliver(deps),
    recoverWork: new RecoverWork(deps),
    runSchedules: new RunSchedules(deps),
    logger,
    concurrency: CONCURRENCY,
  });
  await worker.start(backends.embedded);
  return { stop: () => worker.stop() };
}
