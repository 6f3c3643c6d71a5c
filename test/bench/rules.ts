import { compilePolicy, parseRulePack, type Policy, type Resource, type Tag } from '#core';
import type { BenchRow } from './bench-row.js';

const TAGS = 100_000;
const TAGS_PER_RESOURCE = 10;
const RUNS = 3;
const WORDS =
  'env team owner cost app svc proj stage region tier data ops legacy tmp build ci net sec log mon'.split(
    ' ',
  );
/** 27 letters and no match: what makes a backtracking engine try every way to split them. */
const HOSTILE_INPUT = `${'a'.repeat(27)}!`;
const HOSTILE_PATTERN = '(a+)+';

/**
 * 100,000 tags against 50 patterns: a whole evaluation, findings included, beside a hand-written loop of V8 RegExps over the
 * same input. Once with names that are all different (nothing can be remembered) and once as inventories are (few keys, often).
 */
export function benchRules(): BenchRow[] {
  const patterns = patternList();
  return [
    compare('rules: 50 patterns, 100,000 distinct keys', inventory(distinctName), patterns),
    compare('rules: 50 patterns, 100,000 tags of 200 keys', inventory(commonName), patterns),
    { ...compare('rules: as above, every second tag at fault', inventory(faultyName), patterns), goal: '-' },
    hostile(),
  ];
}

function patternList(): string[] {
  return Array.from({ length: 50 }, (_, index) => {
    const word = WORDS[index % WORDS.length] ?? '';
    const shapes = [
      `${word}[-_]\\d+`,
      `${word}-(old|new|tmp).*`,
      `.*-${word}-v[0-9]+`,
      `(?:legacy|old)_${word}_.+`,
      `${word}[a-z]{2,6}${index}`,
    ];
    return shapes[index % shapes.length] ?? '';
  });
}

/** The same numbers in every run. */
function sequence(): () => number {
  let state = 1;
  return () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff;
}

function distinctName(next: () => number, index: number): string {
  const word = () => WORDS[Math.floor(next() * WORDS.length)] ?? '';
  return `${word()}-${word()}-${index.toString(36)}${next() < 0.02 ? '-mon-v3' : ''}`;
}

function commonName(next: () => number, index: number): string {
  const letter = 'abcdefghij'.charAt(Math.floor(next() * 10));
  return `${WORDS[index % WORDS.length] ?? ''}-${letter}${next() < 0.02 ? '-mon-v3' : ''}`;
}

/** As bad as it gets: every second key matches a pattern. What a finding costs shows here. */
function faultyName(_next: () => number, index: number): string {
  return `${WORDS[index % WORDS.length] ?? ''}-${index % 7}`;
}

function inventory(nameOf: (next: () => number, index: number) => string): Resource[] {
  const next = sequence();
  return Array.from({ length: TAGS / TAGS_PER_RESOURCE }, (_, resource) => {
    const tags = Array.from({ length: TAGS_PER_RESOURCE }, (__, at): Tag => {
      const name = nameOf(next, resource * TAGS_PER_RESOURCE + at);
      return { name, value: 'x', digest: null, createdAt: null };
    });
    return resourceOf(`i-${resource}`, tags);
  });
}

function resourceOf(resource: string, tags: Tag[]): Resource {
  return {
    scope: '111122223333/eu-west-1',
    resource,
    resourceType: 'instance',
    createdAt: null,
    tags,
    managedBy: null,
    facts: {},
  };
}

function policyOf(patterns: readonly string[]): Policy {
  const rules = patterns.map((re2, index) => ({
    id: `rule-${index}`,
    kind: 'stale-key',
    keys: [{ re2 }],
    fix: 'remove',
  }));
  const { pack, diagnostics } = parseRulePack(JSON.stringify({ pack: 'bench', rules }));
  if (pack === null) throw new Error(`The bench's own pack is refused: ${diagnostics[0]?.message ?? ''}`);
  return compilePolicy([{ name: 'bench', version: 1, pack }], [pack]);
}

const CONTEXT = { platform: 'ec2', target: 'bench', now: new Date(0) } as const;

function compare(name: string, resources: readonly Resource[], patterns: readonly string[]): BenchRow {
  const policy = policyOf(patterns);
  const regexps = patterns.map((pattern) => new RegExp(`^(?:${pattern})$`));
  const ours = () => policy.evaluate(resources, CONTEXT).findings.length;
  const baseline = () => loop(resources, regexps);
  if (ours() !== baseline()) throw new Error('The two sides of the bench do not find the same tags.');
  return row(name, [ours, baseline], '<= 0.6');
}

/** What a user would write instead: find the tags that match, one pattern after the other. */
function loop(resources: readonly Resource[], regexps: readonly RegExp[]): number {
  const found: { resource: string; tag: string }[] = [];
  for (const { resource, tags } of resources) {
    for (const { name } of tags) {
      for (const regexp of regexps) if (regexp.test(name)) found.push({ resource, tag: name });
    }
  }
  return found.length;
}

function hostile(): BenchRow {
  const resources = [resourceOf('i-1', [{ name: HOSTILE_INPUT, value: '', digest: null, createdAt: null }])];
  const regexps = [new RegExp(`^(?:${HOSTILE_PATTERN})$`)];
  const ours = () => policyOf([HOSTILE_PATTERN]).evaluate(resources, CONTEXT).findings.length;
  return row(
    'rules: a hostile pattern, one key, compiled anew',
    [ours, () => loop(resources, regexps)],
    '<= 0.01',
  );
}

function row(name: string, [ours, baseline]: readonly [() => number, () => number], goal: string): BenchRow {
  const [mine, theirs] = [median(ours), median(baseline)];
  return { name, ours: mine, baseline: theirs, ratio: mine / theirs, goal, unit: 'ms' };
}

function median(run: () => number): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
