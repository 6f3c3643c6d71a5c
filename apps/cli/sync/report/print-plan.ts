import type { Style, Terminal } from '../../terminal/terminal.js';
import type { Difference } from '../plan/differences.js';
import type { Plan } from '../plan/make-plan.js';
import { isWrite, type Action, type Step } from '../plan/step.js';
import { countActions } from './outcome.js';

const SIGNS: Readonly<Record<Action, readonly [string, Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  delete: ['-', 'red'],
  unchanged: ['=', 'dim'],
};
/** Of one thing; --json has them all. */
const MOST_DIFFERENCES = 50;
const LONGEST_VALUE = 120;

/** The plan for people: what differs, field by field, and the sums. */
export function printPlan(terminal: Terminal, plan: Plan): void {
  printSteps(terminal, 'Rule packs', plan.packs);
  printSteps(terminal, 'Targets', plan.targets);
  printSteps(terminal, 'Schedules', plan.schedules);
  const { create, update, delete: removed, unchanged } = countActions(plan);
  if (create + update + removed === 0) terminal.line(`No difference: ${unchanged} unchanged.`);
  else
    terminal.line(
      `Plan: ${create} to create, ${update} to change, ${removed} to remove, ${unchanged} unchanged.`,
      'bold',
    );
}

function printSteps(terminal: Terminal, title: string, steps: readonly Step[]): void {
  const writes = steps.filter(isWrite);
  if (writes.length === 0) return;
  terminal.line(title, 'bold');
  for (const step of writes) {
    const [sign, style] = SIGNS[step.action];
    terminal.line(`  ${sign} ${step.name}${details(step)}`, style);
    for (const note of step.notes) terminal.line(`      ${note}`);
    for (const difference of step.differences.slice(0, MOST_DIFFERENCES))
      printDifference(terminal, difference);
    const more = step.differences.length - MOST_DIFFERENCES;
    if (more > 0) terminal.line(`      … and ${more} more differences`);
  }
}

function details({ kind, current, declared }: Step): string {
  const version = kind === 'rule-pack' && current !== null ? `, version ${current.version}` : '';
  return `${version}${declared === null ? '' : `  (${declared.source.file})`}`;
}

function printDifference(terminal: Terminal, { path, before, after }: Difference): void {
  if (before === undefined) terminal.line(`      + ${path}: ${short(after)}`, 'green');
  else if (after === undefined) terminal.line(`      - ${path}: ${short(before)}`, 'red');
  else terminal.line(`      ~ ${path}: ${short(before)} -> ${short(after)}`, 'yellow');
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`.toWellFormed();
}
