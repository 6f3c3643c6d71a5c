import { readClientEnvironment } from '#config';
import { Refusal } from '../api/refusal.js';
import { RestClient } from '../api/rest-client.js';
import { Failure, RefusedFiles, type FileFault } from '../failure.js';
import { printableJson } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { readSyncOptions, type SyncOptions } from './options.js';
import type { Plan } from './plan/make-plan.js';
import type { Action, Step } from './plan/step.js';
import { faultLine, type Outcome, type SyncReport } from './report/outcome.js';
import { printPlan } from './report/print-plan.js';
import { toJson } from './report/to-json.js';
import { sync } from './sync.js';

const DONE: Readonly<Record<Action, string>> = {
  create: 'Created',
  update: 'Changed',
  delete: 'Removed',
  unchanged: 'Left',
};

/** `tagward sync`. @returns the exit code: 0 done or no difference, 1 failed, 2 a dry run with differences that was asked to say so */
export async function syncCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = await readSyncOptions(args, readClientEnvironment());
  const report = options.json ? await run(options, null) : await run(options, terminal);
  if (options.json) terminal.raw(`${printableJson(toJson(report))}\n`);
  else printEnd(terminal, report);
  if (report.outcome === 'failed') return 1;
  return report.outcome === 'differs' && options.exitCode ? 2 : 0;
}

/** @param terminal who is told as it goes; null: only the report counts */
async function run(options: SyncOptions, terminal: Terminal | null): Promise<SyncReport> {
  const { place, prune, dryRun, url, token, timeoutMs } = options;
  let plan: Plan | null = null;
  const written = new Set<Step>();
  const warnings: FileFault[] = [];
  const ended = (outcome: Outcome, faults: readonly FileFault[], error: string | null) => ({
    ...{ outcome, plan, written, warnings, faults, error },
  });
  const onWait = (waitMs: number, status: number) =>
    terminal?.error(`The service is busy (${status}); trying again in ${waitMs / 1_000} s.`, 'dim');
  try {
    const { differs } = await sync(
      { place, prune, dryRun, now: new Date() },
      () => new RestClient({ url, token, timeoutMs, onWait }),
      {
        warned(found) {
          warnings.push(...found);
          for (const warning of found) terminal?.error(`Warning: ${faultLine(warning)}`, 'yellow');
        },
        planned(made) {
          plan = made;
          if (terminal !== null) printPlan(terminal, made);
        },
        written(step) {
          written.add(step);
          terminal?.line(`${DONE[step.action]} ${step.kind.replace('-', ' ')} ${step.name}.`);
        },
      },
    );
    return ended(differs ? (dryRun ? 'differs' : 'applied') : 'unchanged', [], null);
  } catch (error) {
    if (error instanceof RefusedFiles) return ended('failed', error.faults, error.message);
    if (error instanceof Failure || error instanceof Refusal) return ended('failed', [], error.message);
    throw error;
  }
}

function printEnd(terminal: Terminal, { outcome, faults, error, written }: SyncReport): void {
  for (const fault of faults) terminal.error(faultLine(fault));
  if (error !== null) terminal.error(error, 'red');
  if (outcome === 'failed' && written.size > 0)
    terminal.error(`${written.size} of the changes above were made; once this is mended, run it again.`);
  if (outcome === 'differs') terminal.line('Nothing was changed: this was a dry run.');
}
