import { describe, expect, it } from 'vitest';
import {
  judgePointers,
  pointed,
  pointerContext,
  type GivenPointer,
} from '../../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../../testing/policy-builders.js';
import { parseRulePack } from '../../policy/parse-rule-pack.js';

const written = (rule: object) => ({ pack: 'p', rules: [{ id: 'r', kind: 'moved-tag', ...rule }] });
const OPT_IN = { fix: { restore: { optIn: true } } };
const found = (rule: object, ...tags: GivenPointer[]) => judgePointers(packOf(written(rule)), tags);
const unjudged = (...tags: GivenPointer[]) =>
  policyOf(packOf(written({})))
    .evaluate([pointed('a', tags)], pointerContext())
    .notEvaluated.map(({ needs }) => needs);
const faults = (rule: object) =>
  parseRulePack(JSON.stringify(written(rule))).diagnostics.map(
    ({ path, message }) => `${path ?? ''}: ${message}`,
  );

describe('moved-tag', () => {
  it('tells each move from every other, and says from where to where', () => {
    expect(found({}, { name: 'v1', digest: 'b', was: 'a' })).toMatchObject([
      {
        tag: 'v1',
        discriminator: 'b',
        message: 'The name "v1" has moved: it pointed at a and points at b now.',
        evidence: { pointerMove: { from: 'a', to: 'b' } },
        fixable: false,
      },
    ]);
    expect(found({}, { name: 'v1', digest: 'a', was: 'a' })).toEqual([]);
  });

  it('puts a name back for those who asked for it', () => {
    expect(found(OPT_IN, { name: 'v1', digest: 'b', was: 'a' })).toMatchObject([
      {
        suggestion: 'Put "v1" back to a.',
        changes: [{ change: 'restore', name: 'v1', digest: 'b', to: 'a' }],
      },
    ]);
  });

  it('finds a name that came back, and restores it only where it points elsewhere', () => {
    const findings = found(
      OPT_IN,
      { name: 'v1', digest: 'b', cameBack: true },
      { name: 'v2', digest: 'b', cameBack: true, was: 'b' },
      { name: 'v3', digest: 'b', cameBack: true, was: 'a' },
    );
    expect(
      findings.map(({ tag, discriminator, changes, message }) => [
        tag,
        discriminator,
        changes.length,
        message,
      ]),
    ).toEqual([
      ['v1', 'back b', 0, 'The name "v1" had gone and is there again, at b.'],
      ['v2', 'back b', 0, 'The name "v2" had gone and is there again, at b.'],
      [
        'v3',
        'back b',
        1,
        'The name "v3" had gone and is there again, at b, and points elsewhere than before (a).',
      ],
    ]);
    expect(findings[0]?.evidence).toEqual({ digest: 'b', pointerMove: { cameBack: true, to: 'b' } });
  });

  it('cannot judge a name that nobody remembers, and leaves a new one alone', () => {
    expect(unjudged({ name: 'v1', digest: 'a' })).toEqual(['where names pointed when last seen']);
    expect(unjudged({ name: 'v1', was: 'a' })).toEqual(['where names point']);
    expect(unjudged({ name: 'v1', digest: 'a', firstSeenAt: new Date('2026-01-01') })).toEqual([]);
  });

  it('restores for nobody who has not opted in', () => {
    expect(faults({ fix: 'restore' })).toHaveLength(1);
    expect(faults({ fix: { restore: { optIn: false } } })).toEqual([
      'rules.0.fix.restore.optIn: Moving a name back is done for nobody who has not asked for it: write `restore: { optIn: true }`, or leave `fix` out.',
    ]);
    expect(faults(OPT_IN)).toEqual([]);
  });
});
