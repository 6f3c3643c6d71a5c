import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRulePack } from './parse-rule-pack.js';

/** What no message may carry into a terminal, a log or a page. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200b\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** Any document gives diagnostics that can be shown, each with its place, and a pack exactly when none refuses it. */
function verdictOf(text: string): void {
  const { pack, diagnostics } = parseRulePack(text);
  const refused = diagnostics.some(({ severity }) => severity === 'critical');
  expect(pack === null).toBe(refused);
  expect(diagnostics.length).toBeLessThanOrEqual(201);
  for (const { message, path, line, column } of diagnostics) {
    expect(message.length).toBeGreaterThan(5);
    expect(message.length).toBeLessThan(1_000);
    expect(message).not.toMatch(UNSEEN);
    expect(path ?? '').not.toMatch(UNSEEN);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
  }
}

const said = (text: string) => parseRulePack(text).diagnostics.map(({ message }) => message);
const repeated = (count: number, piece: (index: number) => string, between: string) =>
  Array.from({ length: count }, (_, index) => piece(index)).join(between);

describe('a rule pack of anything at all', () => {
  const good = readFileSync(new URL('./fixtures/labels.yaml', import.meta.url), 'utf8');
  const unseen = [
    '\0',
    '\u0007',
    '\u001b[2J',
    '\u0085',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\ud800',
    '\udc00',
    '\uffff',
  ];
  const escapes = ['"\\0"', '"\\x1b"', '"\\ud800"', '"\\u202e"', '"\\U0001F600"'];
  const marks = [
    ...':-?[]{},&*!|>"\'#%@`',
    ' ',
    '\n',
    '\r',
    '\t',
    '\n  ',
    ': ',
    '- ',
    '? ',
    '---\n',
    '...\n',
    '<<: ',
  ];
  const tags = [
    '!',
    '!!binary ',
    '!!js/function ',
    '!!python/object:os.system ',
    '!!set ',
    '!!int ',
    '!<x> ',
    '%TAG ! t:\n',
  ];
  const words = [
    'a',
    'pack',
    'rules',
    'id',
    'kind',
    '&a ',
    '*a',
    '*b',
    '__proto__',
    'constructor',
    '1e999',
    '.inf',
    '~',
  ];
  const soup = fc.string({
    unit: fc.constantFrom(...marks, ...tags, ...words, ...unseen, ...escapes),
    maxLength: 60,
  });

  it('bytes, whatever encoding they are taken for', () => {
    const encoding = fc.constantFrom('utf-8', 'utf-16le', 'latin1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), encoding, (bytes, name) => {
        verdictOf(new TextDecoder(name).decode(bytes));
      }),
    );
  });

  it('words and marks of YAML in any order', () => {
    fc.assert(fc.property(soup, verdictOf), { numRuns: 300 });
  });

  it('a good pack with a piece cut out, doubled or replaced', () => {
    const at = fc.nat({ max: good.length });
    const piece = fc.oneof(soup, fc.string({ unit: 'binary' }));
    const damaged = fc.tuple(at, fc.nat({ max: 30 }), piece).map(([start, length, insert]) => {
      return `${good.slice(0, start)}${insert}${good.slice(start + length)}`;
    });
    fc.assert(fc.property(damaged, verdictOf));
  });

  it('any JSON', () => {
    const fields = [
      'pack',
      'rules',
      'id',
      'kind',
      'keys',
      'fix',
      'on',
      'tags',
      'tests',
      'given',
      'where',
      'map',
    ];
    const key = fc.oneof(fc.constantFrom(...fields), fc.constantFrom('__proto__', 'toString', ...unseen));
    const leaf = fc.constantFrom(
      ...['a', 'key-spelling', 'required-key', 'stale-key', 'value-map', 'retention', '', 'remove'],
      ...[1, -0, 1e308, Number.MAX_SAFE_INTEGER, true, null],
      ...unseen,
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.dictionary(key, tie('tree')),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    const pack = fc.record({ pack: fc.constant('a'), rules: fc.array(tree, { maxLength: 3 }), tests: tree });
    fc.assert(
      fc.property(fc.oneof(tree, pack), (value) => verdictOf(JSON.stringify(value))),
      { numRuns: 300 },
    );
  });
});

describe('a hostile rule pack', () => {
  const rest = '\npack: a\nrules: []\n';
  const rulesOf = (count: number, pattern: (index: number) => string) =>
    `pack: a\nrules:\n${repeated(count, (n) => `  - { id: r${n}, kind: stale-key, keys: [{ re2: '${pattern(n)}' }] }`, '\n')}`;

  it.each<[string, string]>([
    ['many aliases', `x: [&a b, ${repeated(38_000, () => '*a', ', ')}]${rest}`],
    ['many aliases of nothing', `x: [${repeated(38_000, (n) => `*a${n}`, ', ')}]${rest}`],
    [
      'a bomb of lists',
      `a0: &a0 [x, x]\n${repeated(40, (n) => `a${n + 1}: &a${n + 1} [${repeated(9, () => `*a${n}`, ',')}]`, '\n')}${rest}`,
    ],
    [
      'a bomb of mappings',
      `a0: &a0 { k: x }\n${repeated(40, (n) => `a${n + 1}: &a${n + 1} { k: *a${n}, l: *a${n} }`, '\n')}${rest}`,
    ],
    ['an alias of what it stands in', 'pack: a\nrules: &r [*r, *r]'],
    [
      'thousands of unknown fields',
      `pack: a\nrules: []\n${repeated(9_000, (n) => `${'k'.repeat(90)}${n}: x`, '\n')}`,
    ],
    ['repetitions of repetitions', rulesOf(400, () => '((((a{1,9}){1,9}){1,9}){1,9}){1,9}')],
    ['long repetitions', rulesOf(400, () => `(${'ab'.repeat(450)}){1000}`)],
    ['large classes', rulesOf(400, () => '(?i)[\\p{L}\\p{N}\\P{Lu}]{90}')],
    ['patterns left open', rulesOf(400, () => '('.repeat(900))],
    ['ten megabytes', 'a: b\n'.repeat(2_000_000)],
    ['a key of a megabyte', `? ${'k'.repeat(1_000_000)}\n: x${rest}`],
    ['a tag of a megabyte', `pack: ${'!'.repeat(1_000_000)}${rest}`],
    ['a very deep list', '['.repeat(100_000)],
    ['a very deep mapping', '{a: '.repeat(30_000)],
    ['deep block lists', '- '.repeat(40_000)],
  ])('%s: answered within two seconds', (_what, text) => {
    const start = performance.now();
    verdictOf(text);
    expect(parseRulePack(text).pack).toBeNull();
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  it.each([
    [
      'pack: a\0\nrules: []',
      '1:8',
      'The character U+0000 cannot be in a rule pack, quoted or not; take it out.',
    ],
    [
      'pack: a\nrules: []\n# \ud800',
      '3:3',
      'The character U+D800 cannot be in a rule pack, quoted or not; take it out.',
    ],
    [
      'pack: a\ndescription: "\\0"\nrules: []',
      '2:14',
      'This text holds U+0000, which no name, key or value may have.',
    ],
    [
      'pack: a\nrules: []\n"\\u001b": x',
      '3:1',
      'This text holds U+001B, which no name, key or value may have.',
    ],
    [
      'pack: !!binary YQ==\nrules: []',
      '1:16',
      'The tag !!binary has no meaning in a rule pack; write the value without it.',
    ],
    [
      'pack: a\nrules: !!set {}',
      '2:14',
      'The tag !!set has no meaning in a rule pack; write the value without it.',
    ],
    [
      'pack: a\nrules: [{ <<: { id: a }, kind: tag-budget, max: 1 }]',
      '2:11',
      'Merge keys ("<<") are no part of YAML 1.2: write the fields out, or quote the key if it is meant as it stands.',
    ],
    ['pack: a\nrules: *\u202er', '2:8', 'There is no anchor "&\\u202er" before this alias.'],
  ])('%j: says where and what', (text, place, message) => {
    const { pack, diagnostics } = parseRulePack(text);
    expect(pack).toBeNull();
    expect(diagnostics.map((found) => `${found.line}:${found.column} ${found.message}`)).toContain(
      `${place} ${message}`,
    );
  });

  it('is refused at its start when it has too many bytes, and where it has too many words', () => {
    const bytes = parseRulePack('a'.repeat(1_048_577)).diagnostics;
    expect(bytes).toMatchObject([
      { line: 1, column: 1, message: expect.stringContaining('this document has 1048577') },
    ]);
    const words = parseRulePack(`pack: a\n${'- x\n'.repeat(90_000)}`).diagnostics;
    expect(words).toMatchObject([{ message: expect.stringContaining('more than 120000 words and marks') }]);
    expect(words[0]?.line).toBeGreaterThan(20_000);
    expect(words[0]?.line).toBeLessThan(90_000);
  });

  it('takes plain tags and an alias of the last anchor before it', () => {
    const text = 'pack: !!str a\nvocabulary: { keys: !!seq [&x one, *x, &x two, *x] }\nrules: []';
    const { pack, diagnostics } = parseRulePack(text);
    expect(diagnostics).toEqual([]);
    expect([...(pack?.vocabulary.keys ?? [])]).toEqual(['one', 'two']);
  });

  it('warns once of characters that make text read other than it is, and loads the pack', () => {
    const { pack, diagnostics } = parseRulePack('\ufeffpack: a\ndescription: x\u202ey\u200b\nrules: []');
    expect(pack?.description).toBe('x\u202ey\u200b');
    expect(diagnostics).toEqual([
      {
        message:
          'The invisible character U+202E makes text read other than it is; write it as "\\u202E" in double quotes if it is meant.',
        line: 2,
        column: 15,
        path: null,
        severity: 'medium',
      },
    ]);
    expect(said('pack: a\ndescription: "x\\u202Ey"\nrules: []')).toEqual([]);
    // Persian and emoji need these two.
    expect(
      said('pack: a\ndescription: "\u0645\u06cc\u200c\u062e, \ud83d\udc69\u200d\ud83d\udcbb"\nrules: []'),
    ).toEqual([]);
  });

  it('keeps names of JavaScript objects as they are written', () => {
    const { pack, diagnostics } = parseRulePack(
      'pack: a\nvocabulary: { keys: [constructor], values: { toString: [x] } }\nrules: [{ id: a, kind: value-map, key: hasOwnProperty, map: { constructor: y } }]',
    );
    expect(diagnostics).toEqual([]);
    expect(pack?.rules[0]?.params).toMatchObject({ map: { constructor: 'y' } });
    expect(pack?.vocabulary.values.get('toString')).toEqual(['x']);
    expect(said('pack: a\nrules: [{ id: a, kind: toString }]')[0]).toContain(
      'There is no kind of rule "toString".',
    );
  });
});
