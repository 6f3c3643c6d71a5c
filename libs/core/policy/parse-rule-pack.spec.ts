import { describe, expect, it } from 'vitest';
import { parseRulePack } from './parse-rule-pack.js';

const lines = (...text: string[]) => text.join('\n');
const faults = (text: string) =>
  parseRulePack(text).diagnostics.map(
    ({ line, column, path, message }) => `${line ?? ''}:${column ?? ''} ${path ?? ''} ${message}`,
  );
const messages = (text: string) => parseRulePack(text).diagnostics.map(({ message }) => message);

describe('parseRulePack', () => {
  it('says every fault at once, each at its line, column and path', () => {
    const text = lines(
      'pack: My Pack', // 1
      'descripton: typo', // 2
      'protect:', // 3
      '  - { platforms: [aws], tags: [{ regex: a }] }', // 4
      'rules:', // 5
      '  - id: a', // 6
      '    kind: key-speling', // 7
      '  - id: b', // 8
      '    kind: key-spelling', // 9
      '    varients: [x]', // 10
      '    fuzzy: many', // 11
      '    severity: hihg', // 12
      '    fix: renam', // 13
      '  - id: b', // 14
      '    kind: stale-key', // 15
      '    keys:', // 16
      "      - { re2: '(?<=a)b' }", // 17
      '      - { exact: a, prefix: b }', // 18
      '  - id: c', // 19
      '    kind: empty-value', // 20
      '    kind: unknown-key', // 21
      'tests:', // 22
      '  - given: { platform: ec2, tags: { a: b } }', // 23
      '    only: [d]', // 24
    );
    const { pack, diagnostics } = parseRulePack(text);
    expect(pack).toBeNull();
    expect(diagnostics.map(({ line, path }) => `${line ?? ''} ${path ?? ''}`)).toEqual([
      '1 pack',
      '2 descripton',
      '4 protect.0.platforms.0',
      '4 protect.0.tags.0.regex',
      '7 rules.0.kind',
      '8 rules.1.canonical',
      '10 rules.1.varients',
      '11 rules.1.fuzzy',
      '12 rules.1.severity',
      '13 rules.1.fix',
      '14 rules.2.id',
      '17 rules.2.keys.0.re2',
      '18 rules.2.keys.1',
      '21 rules.3.kind',
      '24 tests.0.only.0',
    ]);
    const said = diagnostics.map(({ message }) => message).join('\n');
    for (const near of ['"description"', '"key-spelling"', '"variants"', '"high"', '"rename"']) {
      expect(said).toContain(`Did you mean ${near}`);
    }
    expect(said).toContain('look-behind');
    expect(said).toContain('already taken by the rule at line 8');
    expect(diagnostics.every(({ severity }) => severity === 'critical')).toBe(true);
    expect(diagnostics[2]?.column).toBe(19);
  });

  it('keeps the text that names, keys and values were written with', () => {
    const { pack, diagnostics } = parseRulePack(
      lines(
        'pack: text',
        'vocabulary: { keys: [no, 1.0, 0x10, null, ~, 2024-06-30], values: { on: [yes, 1e3] } }',
        'rules:',
        '  - { id: m, kind: value-map, key: no, map: { off: on, 1.0: 1.10, true: yes } }',
      ),
    );
    expect(diagnostics).toEqual([]);
    expect([...(pack?.vocabulary.keys ?? [])]).toEqual(['no', '1.0', '0x10', 'null', '~', '2024-06-30']);
    expect(pack?.vocabulary.values.get('on')).toEqual(['yes', '1e3']);
    expect(pack?.rules[0]?.params).toMatchObject({
      key: 'no',
      map: { off: 'on', '1.0': '1.10', true: 'yes' },
    });
  });

  it('reads JSON, indented with tabs or not, as it reads YAML', () => {
    const pack = { pack: 'json', rules: [{ id: 'a', kind: 'tag-budget', max: 45, severity: 'low' }] };
    for (const text of [
      JSON.stringify(pack),
      JSON.stringify(pack, null, 2),
      JSON.stringify(pack, null, '\t'),
    ]) {
      const parsed = parseRulePack(text);
      expect(parsed.diagnostics).toEqual([]);
      expect(parsed.pack?.rules[0]).toMatchObject({
        id: 'a',
        params: { max: 45 },
        severity: 'low',
        fix: null,
      });
    }
    expect(faults('{"pack": "json",\n "pack": "twice", "rules": []}')).toEqual([
      '2:2 pack The key "pack" is written twice in this mapping; keep one.',
    ]);
  });

  it.each([
    ['', 'A rule pack is a mapping'],
    ['# nothing but a comment', 'A rule pack is a mapping'],
    ['- a', 'A rule pack is a mapping'],
    ['a: [', 'This is not YAML'],
    ['pack: a\nrules: []\n---\npack: b', 'This is not YAML'],
    ['pack: a\nrules: 5', 'Expected a list, not "5"'],
    ['pack: a\nrules:', 'Expected a list, not nothing'],
    ['pack: a', '"rules" is missing'],
    ['pack: tagward\nrules: []', 'the service reports under'],
    ['pack: a\nrules: [x]', 'A rule is a mapping'],
    ['pack: a\nrules: []\n__proto__: { x: y }', '"__proto__" cannot be used'],
    ['pack: &x a\nrules: *y', 'There is no anchor "&y"'],
    ['pack: !!int 3\nrules: []', 'This is not YAML'],
    ['pack: a\nrules: [{ id: a, kind: unknown-key }]', 'needs the words that are known'],
    ['pack: a\nrules: [{ id: a, kind: tag-budget, max: 5, fix: remove }]', 'only reports'],
    ['pack: a\nrules: [{ id: a, kind: key-case, style: kebab }]', 'Expected one of kebab-case'],
    ['pack: a\nrules: [{ id: a, kind: required-key, keys: ["AWS:x"] }]', 'reserved'],
    ['pack: a\nrules: [{ id: a, kind: required-key, keys: [] }]', 'empty list'],
    [
      'pack: a\nrules: [{ id: a, kind: required-key, keys: [x], fix: { set: { y: z } } }]',
      'not one of the required',
    ],
    [
      'pack: a\nrules: [{ id: a, kind: required-key, keys: [x], fix: { set: {}, remove: {} } }]',
      'one name, or a map',
    ],
    ['pack: a\nrules: [{ id: a, kind: stale-key, keys: [{ exact: a }], since: 2024-02-30 }]', 'a date like'],
    ['pack: a\nrules: [{ id: a, kind: empty-value, fix: { set: { value: TODO } } }]', 'never settle'],
    [
      'pack: a\nrules: [{ id: a, kind: value-map, key: k, map: { a: b, b: c } }]',
      'what is mapped to is canonical',
    ],
    [
      'pack: a\nrules: [{ id: a, kind: value-map, key: k, ignoreCase: true, map: { A: x, a: y } }]',
      'written twice',
    ],
    [
      'pack: a\nrules: [{ id: a, kind: value-map, key: k, ignoreCase: yes, map: { A: x } }]',
      'Expected true or false',
    ],
    ['pack: a\nrules: [{ id: a, kind: value-allowed, key: k }]', 'no values for "k"'],
    ['pack: a\nrules: [{ id: a, kind: stale-key, keys: [{ prefix: a, replacedBy: ab }] }]', 'itself retired'],
    ['pack: a\nrules: [{ id: a, kind: key-spelling, canonical: k, variants: [k] }]', 'variant of itself'],
  ])('refuses %j', (text, reason) => {
    const { pack } = parseRulePack(text);
    expect(pack).toBeNull();
    expect(messages(text).join('\n')).toContain(reason);
  });

  it('warns of a variant that is a word of the vocabulary, and loads the pack', () => {
    const { pack, diagnostics } = parseRulePack(
      'pack: a\nvocabulary: { keys: [env] }\nrules: [{ id: a, kind: key-spelling, canonical: environment, variants: [env] }]',
    );
    expect(pack).not.toBeNull();
    expect(diagnostics).toMatchObject([{ severity: 'medium', line: 3, path: 'rules.0.variants.0' }]);
  });

  it('warns of a platform whose tags the kind does not judge, and loads the pack', () => {
    const { pack, diagnostics } = parseRulePack(
      'pack: a\nrules: [{ id: a, kind: tag-budget, max: 1, on: { platforms: [ec2, git] } }]',
    );
    expect(pack).not.toBeNull();
    expect(diagnostics).toMatchObject([{ severity: 'medium', path: 'rules.0.on.platforms.1' }]);
  });

  it('bounds rules, bytes, aliases, depth and patterns', () => {
    const rules = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `r${index}`, kind: 'tag-budget', max: 1 }));
    expect(parseRulePack(JSON.stringify({ pack: 'a', rules: rules(500) })).diagnostics).toEqual([]);
    expect(messages(JSON.stringify({ pack: 'a', rules: rules(501) }))[0]).toContain('at most 500 entries');
    expect(messages(`pack: a\nrules: []\n#${'x'.repeat(1_048_576)}`)[0]).toContain('at most 1048576 bytes');
    expect(messages(`${'['.repeat(40)}${']'.repeat(40)}`)).toContainEqual(
      expect.stringContaining('levels deep'),
    );
    expect(messages('['.repeat(50_000))).toEqual([expect.stringContaining('levels deep')]);
    const bomb = Array.from(
      { length: 9 },
      (_, n) => `a${n}: &a${n} [${n === 0 ? 'x' : `${`*a${n - 1},`.repeat(10)}`}]`,
    );
    expect(messages(bomb.join('\n'))).toContainEqual(
      expect.stringContaining('once its aliases are replaced'),
    );
    const large = {
      id: 'p',
      kind: 'stale-key',
      keys: Array.from({ length: 60 }, (_, n) => ({ re2: `[a-z${n}]{900}` })),
    };
    expect(messages(JSON.stringify({ pack: 'a', rules: [large] }))).toEqual([
      expect.stringContaining('too large together'),
    ]);
  });

  it('stops counting faults somewhere, and says how many more there are', () => {
    const text = `pack: a\nrules:\n${'  - x\n'.repeat(400)}`;
    const { diagnostics } = parseRulePack(text);
    expect(diagnostics).toHaveLength(201);
    expect(diagnostics.at(-1)?.message).toBe('And 200 more; mend these first.');
  });

  const mebibyte = 1_048_000;
  it.each([
    '[',
    '{a: ',
    '- ',
    ',',
    '"',
    '&a ',
    '*a ',
    '? ',
    ': ',
    '!a ',
    '%a\n',
    'a: b\n',
    '---\n',
    '\0',
    '\r',
    '\t',
    '|\n',
  ])(
    'answers within two seconds for a mebibyte of %j',
    (unit) => {
      const text = unit.repeat(Math.floor(mebibyte / unit.length));
      const start = performance.now();
      expect(parseRulePack(text).pack).toBeNull();
      expect(parseRulePack(`[${text}`).pack).toBeNull();
      expect(performance.now() - start).toBeLessThan(4_000);
    },
    20_000,
  );
});
