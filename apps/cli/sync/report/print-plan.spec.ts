import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createTerminal } from '../../terminal/terminal.js';
import type { Difference } from '../plan/differences.js';
import type { PackStep } from '../plan/step.js';
import { printPlan } from './print-plan.js';

function printed(...packs: PackStep[]): string[] {
  const out = new PassThrough({ encoding: 'utf8' });
  printPlan(createTerminal(out, out), { packs, targets: [], schedules: [] });
  return (out.read() as string).split('\n');
}

function changed(differences: readonly Difference[], action: PackStep['action'] = 'update'): PackStep {
  const current = { name: 'base', version: 3, document: '' };
  return { kind: 'rule-pack', name: 'base', action, declared: null, current, differences, notes: [] };
}

describe('a plan for people', () => {
  it('says what is there, what comes and what goes', () => {
    const lines = printed(
      changed([
        { path: 'max', before: 1, after: 2 },
        { path: 'new', before: undefined, after: null },
        { path: 'old', before: [], after: undefined },
      ]),
    );

    expect(lines).toEqual([
      ...['Rule packs', '  ~ base, version 3'],
      ...['      ~ max: 1 -> 2', '      + new: null', '      - old: []'],
      ...['Plan: 0 to create, 1 to change, 0 to remove, 0 unchanged.', ''],
    ]);
  });

  it('is bounded: long values are cut, and so are long lists of differences', () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ path: `f${n}`, before: 'x'.repeat(500), after: n }));
    const lines = printed(changed(many));

    expect(lines.filter((line) => line.startsWith('      ~ '))).toHaveLength(50);
    expect(lines).toContain('      … and 10 more differences');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(160);
  });

  it('does not list what stays as it is', () => {
    expect(printed(changed([], 'unchanged'))).toEqual(['No difference: 1 unchanged.', '']);
  });
});
