/** `npm test`: every check and every test, two at a time, all of them even when one fails, and the totals as the last line. */
import { delimiter, join } from 'node:path';
import { NODE_MODULES } from './bootstrap/paths.mjs';
import { installRealServers, UNPACKED_PROGRAMS } from './testing/real-servers.mjs';
import { endAll, runStep } from './testing/run-step.mjs';
import { countsFile, countsOf, forgetLastRun, notRun } from './testing/totals.mjs';

const MINUTE_MS = 60_000;
const PROJECTS = ['unit', 'integration', 'e2e'];
const CHECKS = [
  ['types', 'typescript/bin/tsc', '-p', '.'],
  [
    'lint',
    'eslint/bin/eslint.js',
    '--cache',
    '--cache-location',
    join(NODE_MODULES, '.cache/eslint/'),
    '--max-warnings=0',
    '.',
  ],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  [
    'dependency rules',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--output-type',
    'err-long',
    'apps',
    'libs',
    'test',
  ],
  ['dead code', 'knip/bin/knip.js', '--no-progress'],
];
const started = Date.now();
const requireServers = process.env.TAGWARD_REQUIRE_SERVERS === '1';

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    endAll('SIGTERM');
    process.exit(130);
  });
}

process.exitCode = await main();

async function main() {
  forgetLastRun(PROJECTS);
  for (const line of installRealServers()) print(line);
  const checks = CHECKS.map(([name, script, ...args]) => step(name, script, args));
  const tests = PROJECTS.map((project) =>
    step(`${project} tests`, 'vitest/vitest.mjs', vitestArguments(project)),
  );
  const results = (await Promise.all([inTurn(tests), inTurn(checks)])).flat();
  return summarise(results);
}

function step(name, script, args) {
  return {
    name,
    command: [process.execPath, join(NODE_MODULES, script), ...args],
    env: { CI: '1', NO_COLOR: '1', PATH: [process.env.PATH, UNPACKED_PROGRAMS].join(delimiter) },
    timeoutMs: 8 * MINUTE_MS,
  };
}

function vitestArguments(project) {
  return [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${countsFile(project)}`,
  ];
}

async function inTurn(steps) {
  const results = [];
  for (const next of steps) {
    const result = await runStep(next);
    results.push(result);
    print(`${result.ok ? 'ok    ' : 'FAILED'} ${result.name} (${result.seconds.toFixed(1)} s)`);
    if (!result.ok) process.stdout.write(`\n${result.output.trim()}\n\n`);
  }
  return results;
}

function print(line) {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`[${seconds} s] ${line}\n`);
}

/** @returns the exit code */
function summarise(results) {
  const failed = results.filter(({ ok }) => !ok);
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const project of PROJECTS) {
    for (const [name, count] of Object.entries(countsOf(project))) totals[name] += count;
  }
  const failedChecks = failed.filter(({ name }) => !name.endsWith(' tests'));
  const unread = failed.length > 0 && totals.failed + failedChecks.length === 0 ? 1 : 0;
  for (const { name, reason, log } of failed)
    print(`FAILED ${name}: ${reason}; all of its output is in ${log}`);
  const missing = notRun();
  const servers = [...new Set(missing.map(({ server }) => server))];
  const specs = [...new Set(missing.map(({ spec }) => spec))];
  print(
    missing.length === 0
      ? 'Real servers: every test that needs one ran.'
      : `Real servers: ${missing.length} tests did NOT run for want of ${servers.join(', ')}: ${specs.join(', ')}`,
  );
  const counts = [`${totals.passed} passed`, `${totals.failed + failedChecks.length + unread} failed`];
  if (totals.skipped > 0) counts.push(`${totals.skipped} skipped`);
  process.stdout.write(`${counts.join(', ')}\n`);
  return failed.length > 0 || (requireServers && missing.length > 0) ? 1 : 0;
}
