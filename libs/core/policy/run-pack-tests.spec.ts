import { describe, expect, it } from 'vitest';
import { parseRulePack } from './parse-rule-pack.js';
import { runPackTests } from './run-pack-tests.js';

const RULES = `pack: p
rules:
  - { id: key, kind: key-spelling, canonical: environment, variants: [enviroment], fix: rename }
  - { id: values, kind: value-map, key: environment, map: { prod: production }, fix: set }
  - { id: old, kind: stale-key, keys: [{ prefix: old- }], since: 2024-06-30, fix: remove }
  - { id: empty, kind: empty-value, fix: remove }
tests:
`;

const failures = (...cases: string[]) => failuresOf(RULES, cases);

function failuresOf(rules: string, cases: readonly string[]) {
  const { pack, diagnostics } = parseRulePack(rules + cases.map((item) => `  - ${item}\n`).join(''));
  expect(diagnostics).toEqual([]);
  return pack === null ? [] : runPackTests(pack, new Date('2024-01-01T00:00:00Z'));
}

describe("a pack's own cases", () => {
  it('say nothing when they hold', () => {
    expect(
      failures(
        '{ given: { platform: ec2, tags: { enviroment: a } }, expect: [{ rule: key, tag: enviroment }] }',
        '{ given: { platform: ec2, tags: { enviroment: a } }, only: [values], expect: [], after: { enviroment: a } }',
        '{ given: { platform: ec2, tags: { enviroment: a } }, expect: [{ rule: p/key, blocked: false }], notEvaluated: [] }',
      ),
    ).toEqual([]);
  });

  it('fail at their line, and say what was expected and what came', () => {
    const [first, second, ...more] = failures(
      '{ given: { platform: ec2, tags: { enviroment: a, old-b: c } }, only: [key], expect: [{ rule: values, tag: x, blocked: true }] }',
      '{ given: { platform: ec2, tags: { enviroment: a } }, after: { enviroment: b } }',
    );
    expect(first).toEqual({
      severity: 'high',
      line: 8,
      column: 5,
      path: 'tests.0',
      message:
        'The findings of this case are not the expected ones. Expected and not found: values on "x" (blocked). Found and not expected: key on "enviroment" (not blocked).',
    });
    expect(second).toMatchObject({
      line: 9,
      path: 'tests.1',
      message: 'After the fixes expected { "enviroment": "b" }, got { "environment": "a" }.',
    });
    expect(more).toEqual([]);
  });

  it('take `after` for the tags after these fixes, or once nothing is left to fix', () => {
    const given = 'given: { platform: ec2, tags: { enviroment: prod } }';
    expect(
      failures(
        `{ ${given}, after: { environment: prod } }`,
        `{ ${given}, after: { environment: production } }`,
      ),
    ).toEqual([]);
    expect(failures(`{ ${given}, after: {} }`)[0]?.message).toBe(
      'After the fixes expected no tags, got { "environment": "prod" } (and { "environment": "production" } once nothing is left to fix).',
    );
  });

  it('compare the whole list: one too many and one too few both fail', () => {
    const given = 'given: { platform: ec2, tags: { a: "", b: "" } }';
    expect(failures(`{ ${given}, expect: [{ rule: empty, tag: a }] }`)).toHaveLength(1);
    const three = '[{ rule: empty }, { rule: empty, tag: a }, { rule: empty, tag: a }]';
    expect(failures(`{ ${given}, expect: ${three} }`)).toHaveLength(1);
    expect(failures(`{ ${given}, expect: [{ rule: empty }, { rule: empty, tag: a }] }`)).toEqual([]);
  });

  it('judge at the given moment, or at the moment of the run', () => {
    const given = 'given: { platform: ec2, tags: { old-a: b } }';
    expect(failures(`{ ${given}, expect: [] }`)).toEqual([]);
    expect(failures(`{ ${given}, now: 2024-06-30, expect: [{ rule: old, tag: old-a }] }`)).toEqual([]);
  });

  it('see a conflict between rules by its full name', () => {
    const given = 'given: { platform: ec2, tags: { enviroment: "" } }';
    const expected =
      '{ rule: key, blocked: true }, { rule: empty, blocked: true }, { rule: tagward/rule-conflict, tag: enviroment }';
    expect(failures(`{ ${given}, expect: [${expected}], after: { enviroment: "" } }`)).toEqual([]);
  });

  it('fail when a rule was evaluated that should not have been', () => {
    const [failure] = failures('{ given: { platform: ec2, tags: { a: b } }, notEvaluated: [empty] }');
    expect(failure?.message).toBe('Expected not to be evaluated: empty. Got: nothing.');
  });

  describe('for pointers', () => {
    const POINTERS = `pack: p
rules:
  - { id: form, kind: version-form, scheme: semver, prefix: v, fix: alias }
  - { id: twice, kind: duplicate-version, fix: untag }
  - { id: moved, kind: moved-tag, fix: { restore: { optIn: true } } }
  - { id: annotated, kind: lightweight-tag }
tests:
`;
    const pointerFailures = (...cases: string[]) => failuresOf(POINTERS, cases);

    it('take `after` for names and where they point', () => {
      const given =
        'given: { platform: git, tags: [{ name: 1.0.0, digest: aa }, { name: v2.0.0, digest: cc, was: bb }] }';
      expect(
        pointerFailures(
          `{ ${given}, after: { 1.0.0: aa, v1.0.0: aa, v2.0.0: bb } }`,
          `{ ${given}, after: { v1.0.0: aa, v2.0.0: bb } }`,
        ),
      ).toEqual([]);
      expect(pointerFailures(`{ ${given}, only: [form], after: {} }`)[0]?.message).toBe(
        'After the fixes expected no tags, got { "1.0.0": "aa", "v1.0.0": "aa", "v2.0.0": "cc" }.',
      );
      expect(pointerFailures('{ given: { platform: git, tags: [v1.0.0] }, after: { v1.0.0: "" } }')).toEqual(
        [],
      );
    });

    it('judge a name that a fix made by what is known of its object', () => {
      const given =
        'given: { platform: git, tags: [{ name: 1.0.0, digest: aa, annotated: true, cameBack: true }] }';
      expect(pointerFailures(`{ ${given}, after: { v1.0.0: aa } }`)).toEqual([]);
    });

    it('name a rule once that lacks two facts', () => {
      const given = 'given: { platform: git, tags: [v1.0.0, { name: v1.0.1, digest: aa }] }';
      expect(pointerFailures(`{ ${given}, only: [moved], notEvaluated: [moved] }`)).toEqual([]);
    });
  });
});
