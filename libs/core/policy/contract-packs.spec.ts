import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRulePack } from './parse-rule-pack.js';
import { runPackTests } from './run-pack-tests.js';
import { summarizeRules } from './summarize-rules.js';

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const NOW = new Date('2026-01-01T00:00:00Z');

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

  it('faults nothing in the pack of pointers but kinds that judge pointers', () => {
    const { diagnostics } = parseRulePack(read('pointers.yaml'));
    expect(diagnostics.filter(({ path }) => !/^rules\.\d+\.kind$/.test(path ?? ''))).toEqual([]);
  });
});
