import { compilePolicy, parseRulePack, type Policy, type Resource, type Tag } from '#core';
import type { BenchRow } from './bench-row.js';

const TAGS = 100_000;
const TAGS_PER_RESOURCE = 10;
const RUNS = 5;
const WORDS =
  'env team owner cost app svc proj stage region tier data ops legacy tmp build ci net sec log mon'.split(
    ' ',
  );
/** 27 letters and no match: what makes a backtracking engine try every way to split them. */
const HOSTILE_INPUT = `${'a'.repeat(27)}!`;
const HOSTILE_PATTERN = '(a+)+';
/** What makes backtracking exponential, and what needs an automaton of very many states; each is added to the fifty. */
const BACKTRACKING = [
  HOSTILE_PATTERN,
  '(.*a){20}',
  '(a|a)*b',
  '.*.*.*.*x',
  '([a-z]+)*-([a-z]+)*-y',
  '(.*-){8}q',
];
const EXPLODING = ['.*[a-e].{12}z', '.*[ntr].{14}', '.*[a-m].{20}'];
/** As the scanner slices what it reads. */
const SLICE = 250;

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
    worstBatch(patterns, 'a hostile pattern', BACKTRACKING, '<= 2'),
    worstBatch(patterns, 'an exploding pattern', EXPLODING, '-'),
    doubled(),
    longestStep('plain', patterns),
    longestStep('exploding patterns', [...patterns, ...EXPLODING]),
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

/** The worst of some patterns added to the fifty, beside the same batch without it. */
function worstBatch(
  patterns: readonly string[],
  what: string,
  added: readonly string[],
  goal: string,
): BenchRow {
  const resources = inventory(distinctName);
  const timed = (list: readonly string[]) => {
    const policy = policyOf(list);
    return median(() => policy.evaluate(resources, CONTEXT));
  };
  const plain = timed(patterns);
  const worst = Math.max(...added.map((pattern) => timed([...patterns, pattern])));
  return ratioRow(`rules: a batch with ${what}, beside it without`, [worst, plain], goal);
}

/** A name of 200,000 letters beside one of 100,000. */
function doubled(): BenchRow {
  const policy = policyOf([...BACKTRACKING, ...EXPLODING]);
  let run = 0;
  const timed = (letters: number) =>
    median(() => {
      // A name of its own in each run: names are remembered.
      const name = `${'ab-'.repeat(letters / 3)}${(run += 1)}`;
      policy.evaluate([resourceOf('i-1', [{ name, value: '', digest: null, createdAt: null }])], CONTEXT);
    });
  timed(30_000);
  return ratioRow('rules: hostile patterns, a name twice as long', [timed(200_000), timed(100_000)], '<= 3');
}

/** How long the event loop waits for a step of the evaluation, at most. */
function longestStep(what: string, patterns: readonly string[]): BenchRow {
  const policy = policyOf(patterns);
  const resources = inventory(distinctName);
  let longest = 0;
  for (let start = 0; start < resources.length; start += SLICE) {
    const parts = policy.evaluateInParts(resources.slice(start, start + SLICE), CONTEXT)[Symbol.iterator]();
    let more = true;
    const step = () => (more = parts.next().done !== true);
    while (more) longest = Math.max(longest, cpuOf(step));
  }
  return ratioRow(`rules: longest step of an evaluation, ${what}`, [longest, 50], '<= 1');
}

function ratioRow(name: string, [ours, baseline]: readonly [number, number], goal: string): BenchRow {
  return { name, ours, baseline, ratio: ours / baseline, goal, unit: 'CPU-ms' };
}

function row(name: string, [ours, baseline]: readonly [() => number, () => number], goal: string): BenchRow {
  const [mine, theirs] = [median(ours), median(baseline)];
  return ratioRow(name, [mine, theirs], goal);
}

/** CPU time of this thread: both sides compute, and what else the machine does says nothing about either. */
function median(run: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => cpuOf(run));
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

/** In milliseconds. */
function cpuOf(run: () => unknown): number {
  const since = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1_000;
}
