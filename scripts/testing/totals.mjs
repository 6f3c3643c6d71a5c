import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../bootstrap/paths.mjs';

const NOT_RUN = join(CACHE, 'not-run.jsonl');

export function countsFile(project) {
  return join(CACHE, `vitest-${project}.json`);
}

export function forgetLastRun(projects) {
  for (const file of [NOT_RUN, ...projects.map(countsFile)]) rmSync(file, { force: true });
}

/** What vitest counted; a file that did not even load is one failure, and so is a run that left no counts. */
export function countsOf(project) {
  let counts;
  try {
    counts = JSON.parse(readFileSync(countsFile(project), 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloaded = counts.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: counts.numPassedTests,
    failed: counts.numFailedTests + unloaded.length,
    skipped: counts.numPendingTests + counts.numTodoTests,
  };
}

/** The tests of real servers that did not run, as libs/testing noted them: `{ server, spec }`. */
export function notRun() {
  let text;
  try {
    text = readFileSync(NOT_RUN, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
