import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pointed, pointerContext, type GivenPointer } from '../../testing/pointer-builders.js';
import { policyOf } from '../../testing/policy-builders.js';
import { parseRulePack } from './parse-rule-pack.js';
import type { RulePack } from './rule-pack.js';
import { runPackTests } from './run-pack-tests.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const LISTS = new URL('../../testing/fixtures/git-refs/', import.meta.url);

function packAt(name: string): RulePack {
  const { pack, diagnostics } = parseRulePack(
    readFileSync(new URL(`../../../packs/${name}.yaml`, import.meta.url), 'utf8'),
  );
  expect(diagnostics).toEqual([]);
  if (pack === null) throw new Error('no pack');
  return pack;
}

/** The tags of a public repository, with the dates that git gives. */
function listed(file: string): (GivenPointer & object)[] {
  const lines = readFileSync(new URL(file, LISTS), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [ref = '', type, digest = '', peeled = '', seconds] = line.split('\t');
    return {
      name: ref.replace(/^refs\/tags\//, ''),
      digest,
      peeled: peeled === '' ? digest : peeled,
      annotated: type === 'tag',
      created: new Date(Number(seconds) * 1_000),
    };
  });
}

const files = readdirSync(LISTS).filter((file) => file.endsWith('.tsv'));

/** The names whose fix would remove them. */
function condemned(pack: RulePack, tags: readonly GivenPointer[]): string[] {
  const { findings } = policyOf(pack).evaluate([pointed('acme/app', tags)], pointerContext('git', NOW));
  return findings
    .flatMap(({ changes }) => changes.flatMap((change) => (change.change === 'untag' ? change.name : [])))
    .sort();
}

describe('the pack of those who filter with grep', () => {
  it('loads without a diagnostic, and its own cases hold', () => {
    expect(runPackTests(packAt('keep-release-and-stable'), NOW)).toEqual([]);
  });

  it.each(files)('condemns of %s what the filter lists', (file) => {
    const tags = listed(file);
    const input = tags.map(({ name }) => `${name}\n`).join('');
    const filtered = execFileSync('grep', ['-v', 'release\\|stable'], { input, encoding: 'utf8' });
    const left = filtered.trim().split('\n').sort();
    expect(left.length).toBeGreaterThan(200);
    expect(condemned(packAt('keep-release-and-stable'), tags)).toEqual(left);
  });

  it('condemns what the filter lists of names with the words in them', () => {
    const names = [
      'release',
      'x-release',
      'release-1',
      'a/release/b',
      'unstable',
      'stable',
      'Stable',
      'rel',
      'v1',
    ];
    const filtered = execFileSync('grep', ['-v', 'release\\|stable'], {
      input: names.join('\n'),
      encoding: 'utf8',
    });
    expect(condemned(packAt('keep-release-and-stable'), names)).toEqual(filtered.trim().split('\n').sort());
  });
});

describe('the starter pack for pointers', () => {
  it('loads without a diagnostic, and its own cases hold', () => {
    expect(runPackTests(packAt('starter-pointers'), NOW)).toEqual([]);
  });

  it.each(files)(
    'removes no git tag of %s by itself, and lists neither the newest nor what is protected',
    (file) => {
      const pack = packAt('starter-pointers');
      const tags = listed(file);
      expect(condemned(pack, tags)).toEqual([]);
      const { findings } = policyOf(pack).evaluate([pointed('acme/app', tags)], pointerContext('git', NOW));
      const old = new Set(findings.filter(({ ruleId }) => ruleId === 'old-git-tags').map(({ tag }) => tag));
      const newest = [...tags].sort((a, b) => Number(b.created) - Number(a.created)).slice(0, 10);
      expect(old.size).toBeGreaterThan(100);
      expect(newest.filter(({ name }) => old.has(name))).toEqual([]);
      expect([...old].filter((name) => /release|stable/.test(name ?? ''))).toEqual([]);
    },
  );
});
