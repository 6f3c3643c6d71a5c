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
/**
 * V8 lets its heap grow as long as the machine has memory, and takes garbage along while it does. Of what scans, a small young generation and a bound on
 * the heap halve the resident memory, for a quarter more CPU (docs/benchmarks.md, scale). The bound is many times what a scan holds.
 */
const SCANS = ['--max-semi-space-size=3', '--max-old-space-size=512'];
const COMMANDS = {
  quickstart: {
    program: join(DIST, 'apps/all-in-one/quickstart/main.js'),
    node: SCANS,
    built: true,
    development: true,
  },
  start: { program: join(DIST, 'apps/all-in-one/main.js'), node: SCANS, built: true, development: false },
  'start:api': { program: join(DIST, 'apps/api/main.js'), built: true, development: false },
  'start:worker': {
    program: join(DIST, 'apps/worker/main.js'),
    node: SCANS,
    built: true,
    development: false,
  },
  tagward: {
    program: join(DIST, 'apps/cli/main.js'),
    folder: callersFolder,
    built: true,
    development: false,
  },
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
  'test:mutation': { program: join(ROOT, 'scripts/mutation.mjs'), development: true },
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
    : handOver(
        node,
        [...flagsOf(command), command.program, ...(command.args ?? []), ...args],
        command.folder?.(),
      );
}

/** Where the command was typed, which paths in its arguments start from; npm goes elsewhere, and says where from. */
function callersFolder() {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return script === undefined || folder === undefined ? process.cwd() : folder;
}

/** What the operator says in NODE_OPTIONS holds: flags of a command line would win over it. */
function flagsOf({ node = [] }) {
  const said = process.env.NODE_OPTIONS ?? '';
  return node.filter((flag) => !said.includes(flag.split('=')[0]));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
