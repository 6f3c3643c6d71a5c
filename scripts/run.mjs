/**
 * `node scripts/run.mjs <command> [arguments]`: installs what is missing, builds what is stale, then runs the command on the
 * packaged Node. Plain JavaScript for any Node >= 20, without a dependency.
 */
import { join } from 'node:path';
import { ensureBuilt } from './bootstrap/built.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { ensureInstalled } from './bootstrap/installed.mjs';
import { DIST, NODE_MODULES, ROOT } from './bootstrap/paths.mjs';
import { checkStarter, chooseRuntime } from './bootstrap/runtime.mjs';
import { say, Stop } from './bootstrap/stop.mjs';

const tool = (...path) => join(NODE_MODULES, ...path);
const vitest = ['run', '--project'];
const COMMANDS = {
  quickstart: { program: join(DIST, 'apps/all-in-one/quickstart/main.js'), built: true, development: true },
  start: { program: join(DIST, 'apps/all-in-one/main.js'), built: true, development: false },
  'start:api': { program: join(DIST, 'apps/api/main.js'), built: true, development: false },
  'start:worker': { program: join(DIST, 'apps/worker/main.js'), built: true, development: false },
  build: { built: true, development: false },
  test: { program: join(ROOT, 'scripts/test.mjs'), built: true, development: true },
  'test:unit': { program: tool('vitest/vitest.mjs'), args: [...vitest, 'unit'], development: true },
  'test:int': {
    program: tool('vitest/vitest.mjs'),
    args: [...vitest, 'integration'],
    built: true,
    development: true,
  },
  'test:e2e': {
    program: tool('vitest/vitest.mjs'),
    args: [...vitest, 'e2e'],
    built: true,
    development: true,
  },
  'test:faults': {
    program: tool('vitest/vitest.mjs'),
    args: [...vitest, 'faults'],
    built: true,
    development: true,
  },
  bench: { program: join(DIST, 'test/bench/run.js'), built: true, development: true },
  lint: {
    program: tool('eslint/bin/eslint.js'),
    args: ['--cache', '--cache-location', tool('.cache/eslint/'), '.'],
    development: true,
  },
  format: {
    program: tool('prettier/bin/prettier.cjs'),
    args: ['--write', '--log-level=warn', '.'],
    development: true,
  },
  typecheck: { program: tool('typescript/bin/tsc'), args: ['-p', '.'], development: true },
};

async function main([name, ...args]) {
  checkStarter();
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const problem = name === undefined ? 'No command given' : `There is no command "${name}"`;
    throw new Stop(`${problem}: expected one of ${Object.keys(COMMANDS).join(', ')}.`, 64);
  }
  await ensureInstalled(command);
  const node = chooseRuntime();
  if (command.built) await ensureBuilt();
  return command.program === undefined
    ? 0
    : handOver(node, [command.program, ...(command.args ?? []), ...args]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
