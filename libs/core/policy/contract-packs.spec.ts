import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgePointers } from '../../testing/pointer-builders.js';
import { packOf } from '../../testing/policy-builders.js';
import { parseRulePack } from './parse-rule-pack.js';
import { runPackTests } from './run-pack-tests.js';
import { summarizeRules } from './summarize-rules.js';

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const NOW = new Date('2026-01-01T00:00:00Z');

/** Without the one rule whose kind is not there yet. */
const pointers = () => packOf(read('pointers.yaml'));

function publicTags(): string[] {
  const folder = new URL('../../testing/fixtures/git-refs/', import.meta.url);
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n'),
  );
  const tags = lines.map((line) => (line.split('\t')[0] ?? '').replace('refs/tags/', ''));
  return [
    ...new Set([...tags, 'release-1.0', 'pre-release/2', 'v1-unstable', 'Release-3', 'rel-4', 'a/stable/b']),
  ];
}

describe('the packs that fix the syntax', () => {
  it('loads the pack of labels without a diagnostic, and its own cases hold', () => {
    const { pack, diagnostics } = parseRulePack(read('labels.yaml'));
    expect(diagnostics).toEqual([]);
    if (pack === null) throw new Error('no pack');
    expect(runPackTests(pack, NOW)).toEqual([]);
    expect(pack.rules).toHaveLength(12);
    expect(pack.ownerTag).toBe('owner');
  });

  it('gives every rule a title for people', () => {
    const { pack } = parseRulePack(read('labels.yaml'));
    expect(pack && summarizeRules(pack).map(({ key, title }) => `${key}: ${title}`)).toEqual([
      'environment-key: Keys spelled like environment',
      'key-style: Keys that are not kebab-case',
      'colliding-keys: Keys of one resource that differ only in case or separators',
      'must-have-owner: Resources without owner and environment',
      'dead-project-keys: Retired keys phoenix-… and legacy_app',
      'only-known-keys: Keys outside the vocabulary',
      'no-empty-values: Values that say nothing (empty, whitespace and placeholder)',
      'environment-values: Synonyms among the values of environment',
      'allowed-environments: Values of environment that are not allowed',
      'tidy-values: Values of owner that are not trimmed, lowercase and NFC',
      'expired: Dates of expires-on that have passed',
      'tag-budget: Resources with more than 45 tags',
    ]);
  });

  it('summarises platforms, severity and whether a fix exists', () => {
    const { pack } = parseRulePack(read('labels.yaml'));
    const summaries = pack === null ? [] : summarizeRules(pack);
    expect(summaries[0]).toMatchObject({
      platforms: ['ec2'],
      severity: 'medium',
      fixable: true,
      kind: 'key-spelling',
    });
    expect(summaries.find(({ key }) => key === 'only-known-keys')).toMatchObject({
      platforms: ['ec2'],
      fixable: false,
    });
  });

  it('loads the pack of pointers without a diagnostic', () => {
    const { pack, diagnostics } = parseRulePack(read('pointers.yaml'));
    expect(diagnostics).toEqual([]);
    expect(pack?.rules).toHaveLength(20);
  });

  it('holds to the cases of the pack of pointers', () => {
    expect(runPackTests(pointers(), NOW)).toEqual([]);
  });

  it('gives every rule for pointers a title for people', () => {
    expect(summarizeRules(pointers()).map(({ key, title }) => `${key}: ${title}`)).toEqual([
      'release-names: Names that do not match v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?',
      'no-temporary-names: Names that match (tmp|test|wip)([-_.].*)?',
      'semver: Names that are no SemVer version with a v',
      'twice-the-same-version: Versions with two names, with and without a v',
      'look-alikes: Names of one repository that differ only in case or separators',
      'old-pr-images: Names like pr-\\d+ and *-snapshot older than 14 days',
      'keep-ten: Retention: all but the newest 10 by created, what is at most 30 days old (created) and names like "*-lts"',
      'moved: Names that have moved, or came back',
      'annotated-only: Tags that are not annotated',
      'signed-only: Tags that are not signed',
      'on-a-branch: Tags whose commit is on no branch',
      'garbage: Manifests that nothing holds, older than 7 days',
      'lost-signatures: Signatures of images that are gone',
      'broken: Indexes that name manifests which are not there',
      'dangling: Images without a tag',
      'stuck: Tags that cannot be removed',
      'unused: Images that no container has used for 30 days',
      'divergent: Names that point elsewhere in another target',
      'fat: Images with more than 50 layers or 2,000,000,000 bytes',
      'unattested: Images without signature and sbom',
    ]);
  });

  it('protects in git what people leave out with grep -v', () => {
    const { protect } = pointers();
    const everything = {
      ...packOf({
        pack: 'p',
        rules: [{ id: 'r', kind: 'name-pattern', mustNot: { glob: '**' }, fix: 'untag' }],
      }),
      protect,
    };
    const names = publicTags();
    const condemned = judgePointers(everything, names).filter(({ changes }) => changes.length > 0);
    const piped = execFileSync('grep', ['-v', 'release\\|stable'], {
      input: names.join('\n'),
      encoding: 'utf8',
    });
    expect(condemned.map(({ tag }) => tag).sort()).toEqual(piped.trimEnd().split('\n').sort());
    expect(condemned.length).toBeLessThan(names.length);
  });
});
