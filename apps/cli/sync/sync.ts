import type { RestClient } from '../api/rest-client.js';
import { Failure, RefusedFiles, type FileFault } from '../failure.js';
import { StepWriter } from './apply-step.js';
import { accessFaults } from './check/access-faults.js';
import { referenceFaults } from './check/reference-faults.js';
import { serviceFaults } from './check/service-faults.js';
import { readDeclarations, type Declarations } from './files/read-declarations.js';
import { readDirectory } from './files/read-directory.js';
import { inOrderOfWriting, makePlan, type Plan, type Prune } from './plan/make-plan.js';
import { isWrite, type Step } from './plan/step.js';
import { readServerState, type ServerState } from './server-state.js';

export interface SyncRequest {
  /** A directory, or one file. */
  readonly place: string;
  readonly prune: Prune;
  readonly dryRun: boolean;
  readonly now: Date;
}

/** Who is told as it goes on. */
export interface SyncWatcher {
  warned(warnings: readonly FileFault[]): void;
  /** Before anything is written. */
  planned(plan: Plan): void;
  written(step: Step): void;
}

/**
 * Makes the service have what a directory says: reads and checks everything, then the service, then writes only what differs.
 * @returns whether there was a difference
 * @throws RefusedFiles before the first write for anything that is wrong with the files; Refusal, Failure when the service cannot be
 * read, Failure when a write does not go through
 */
export async function sync(
  request: SyncRequest,
  connect: () => RestClient,
  watcher: SyncWatcher,
): Promise<{ readonly differs: boolean }> {
  const declared = await read(request);
  watcher.warned(declared.warnings);
  const client = connect();
  // A schedule that stays may use a target that is to go.
  const schedules = declared.schedules.length > 0 || request.prune.targets;
  const state = await readServerState(client, { schedules });
  watcher.warned(stateWarnings(declared, state, request));
  const plan = makePlan(declared, state, request.prune);
  const faults = [
    ...referenceFaults(plan, state),
    ...(request.dryRun ? [] : accessFaults(plan, state)),
    ...(await serviceFaults(client, plan.packs)),
  ];
  if (faults.length > 0) throw new RefusedFiles(faults);
  watcher.planned(plan);
  const writes = inOrderOfWriting(plan).filter(isWrite);
  if (!request.dryRun) {
    const writer = new StepWriter(client, state);
    for (const step of writes) {
      await writer.write(step);
      watcher.written(step);
    }
  }
  return { differs: writes.length > 0 };
}

async function read({ place, prune, now }: SyncRequest): Promise<Declarations> {
  const sources = await readDirectory(place);
  if (sources.isSingle && (prune.rest || prune.targets))
    throw new Failure('Pruning needs a directory: one file does not say what else there is to be.');
  const declared = readDeclarations(sources, now);
  if (declared.faults.length > 0) throw new RefusedFiles(declared.faults);
  if (sources.files.length === 0)
    throw new Failure(
      `${JSON.stringify(place)} has no .yaml, .yml or .json file in it; is it the right place?`,
    );
  return declared;
}

/** What is not as it may seem. */
function stateWarnings(declared: Declarations, state: ServerState, { prune }: SyncRequest): FileFault[] {
  const { packs, targets, schedules } = declared;
  const told = (message: string): FileFault => ({ file: null, line: null, column: null, message });
  const kinds = [
    { asked: prune.rest, noun: 'rule packs', count: packs.length },
    { asked: prune.rest, noun: 'schedules', count: schedules.length },
    { asked: prune.targets, noun: 'targets', count: targets.length },
  ];
  const spared = kinds
    .filter(({ asked, count }) => asked && count === 0)
    .map(({ noun }) => told(`The directory has no ${noun}: none is pruned.`));
  const unnamed =
    state.credentials === null && targets.length > 0
      ? [told('The token may not list credentials: those of targets are not compared.')]
      : [];
  const narrowed =
    state.viewer.targetIds === null
      ? []
      : [told('The token is narrowed to some targets: what it may not see looks as if it were not there.')];
  return [...spared, ...unnamed, ...narrowed];
}
