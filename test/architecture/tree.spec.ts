import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLATFORMS } from '#core';
import { describe, expect, it } from 'vitest';
import { CONNECTORS } from '../../libs/connectors/catalog.js';
import { RULE_KINDS } from '../../libs/core/rules/find-rule-kind.js';

const SOURCE_FOLDERS = ['apps', 'libs', 'test', 'scripts'];
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/;
const KEBAB_FOLDER = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MOST_LINES = 400;
const DUMPING_GROUNDS = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared'];
/** In a comment: as text, such words are values that people give to tags. */
const UNFINISHED = /(?:\/\/|\/\*|^\s*\*).*\b(?:TODO|FIXME|XXX)\b/m;
const SKIPPED = /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b/;

const entries = SOURCE_FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    name: entry.name,
    path: join(entry.parentPath, entry.name),
    isFile: entry.isFile(),
  })),
);
const code = entries
  .filter(({ isFile, name }) => isFile && /\.(ts|mjs)$/.test(name))
  .map(({ path }) => ({ path, text: readFileSync(path, 'utf8') }));

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

describe('the source tree', () => {
  it('is read', () => {
    expect(code.length).toBeGreaterThan(100);
  });

  it('has names in kebab-case; lists of refs are named after their owner and repository', () => {
    const named = entries.filter(
      ({ path }) => !path.startsWith(join('libs', 'testing', 'fixtures', 'git-refs', '')),
    );
    const odd = named.filter(({ name, isFile }) => !(isFile ? KEBAB : KEBAB_FOLDER).test(name));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('has no dumping grounds', () => {
    const odd = entries.filter(({ name }) => DUMPING_GROUNDS.includes(name.split('.')[0] ?? ''));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it(`has no file of more than ${MOST_LINES} lines`, () => {
    const long = code.filter(({ text }) => text.split('\n').length > MOST_LINES + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('has no unfinished business', () => {
    expect(code.filter(({ text }) => UNFINISHED.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('skips no test', () => {
    const skipping = code.filter(({ path, text }) => path.endsWith('.spec.ts') && SKIPPED.test(text));
    expect(skipping.map(({ path }) => path)).toEqual([]);
  });
});

describe('the maps', () => {
  it('of rule kinds has a line for each folder', () => {
    expect([...RULE_KINDS.keys()].sort()).toEqual(folders('libs/core/rules'));
  });

  it('of connectors has a line for each folder', () => {
    expect(Object.keys(CONNECTORS).sort()).toEqual(folders('libs/connectors'));
    expect(PLATFORMS).toEqual(expect.arrayContaining(folders('libs/connectors')));
  });

  it('of subpath imports has a line for each lib', () => {
    const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      imports: Record<string, unknown>;
    };
    const doors = Object.keys(imports).filter((name) => !name.includes('/'));
    expect(doors.map((name) => name.slice(1)).sort()).toEqual(folders('libs'));
  });
});
