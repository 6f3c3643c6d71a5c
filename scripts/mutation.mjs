/**
 * `npm run test:mutation [folder…]`: changes the code of folders of libs/core piece by piece, and counts the changes that unit tests
 * notice: the folder's own, or those of all the core where it has none. Prints what survived and, at the end, the table of
 * docs/mutation.md. It takes hours for all of them, at the lowest priority.
 */
import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Stryker } from '@stryker-mutator/core';

const CORE = 'libs/core';
/** Nothing but exports, which Stryker cannot read: they are named by texts. */
const CATALOG = `${CORE}/rules/catalog.ts`;
const asked = process.argv.slice(2).map((name) => name.replace(/^libs\/core\//, '').replace(/\/$/, ''));
const unknown = asked.filter((name) => !existsSync(`${CORE}/${name}`));

if (unknown.length > 0) {
  print(`There is no folder ${unknown.join(', ')} in ${CORE}.`);
  process.exitCode = 64;
} else {
  setPriority(constants.priority.PRIORITY_LOW);
  const lines = [];
  for (const folder of asked.length > 0 ? asked : everyFolder())
    lines.push(lineOf(folder, await mutate(`${CORE}/${folder}`)));
  print(
    ['', '| folder | mutants | killed | timed out | survived | not reached | score |', ...lines].join('\n'),
  );
}

function everyFolder() {
  const folders = readdirSync(CORE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).sort();
}

function mutate(folder) {
  const tests = ['spec', 'fixture'].map((kind) => `!${folder}/**/*.${kind}.ts`);
  const hasTests = readdirSync(folder, { recursive: true }).some((path) => path.endsWith('.spec.ts'));
  const vitest = { dir: hasTests ? folder : CORE };
  return new Stryker({ mutate: [`${folder}/**/*.ts`, ...tests, `!${CATALOG}`], vitest }).runMutationTest();
}

/** Mutants of what runs once, when a file is loaded, and those that are no program are not counted: Stryker does not try them. */
function lineOf(folder, results) {
  const count = (status) => results.filter((result) => result.status === status).length;
  const [killed, timedOut, survived, unreached] = ['Killed', 'Timeout', 'Survived', 'NoCoverage'].map(count);
  const tried = killed + timedOut + survived + unreached;
  const score = tried === 0 ? '-' : `${((100 * (killed + timedOut)) / tried).toFixed(0)} %`;
  return `| ${[folder, tried, killed, timedOut, survived, unreached, score].join(' | ')} |`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
