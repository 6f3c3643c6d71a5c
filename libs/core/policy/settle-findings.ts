import { isLabelChange, isPointerChange, type DetectedFinding, type TagChange } from '../model/finding.js';
import type { JsonObject } from '../model/json.js';
import type { Resource } from '../model/resource.js';
import type { Blocker, Fault, Repair } from '../rules/judge.js';
import { listWords, quote } from '../rules/quote.js';
import type { Rule } from '../rules/rule.js';
import { composeChanges, type ChangeConflict } from './compose-changes.js';
import { composePointerChanges, pointerWritten } from './compose-pointer-changes.js';
import type { EvaluationContext } from './policy.js';
import type { Protection } from './protection.js';
import { OWN_NAME } from './schema/pack-schema.js';

/** A fault with the rule that found it. */
export interface Draft {
  readonly pack: string;
  readonly rule: Rule;
  readonly fault: Fault;
}

/** The id under which rules that want different things are reported; its pack is the service's own name. */
export const CONFLICT_RULE = { rulePack: OWN_NAME, ruleId: 'rule-conflict' } as const;

/**
 * Makes findings of what the rules found in one resource: decides which fixes may stand. Conflicts are judged over every
 * fix that any rule wants, protected or not, so that another protector never sets a change free. One after the other: a large
 * resource has many, and whoever takes them need not hold them all.
 */
export function* settleFindings(
  resource: Resource,
  drafts: readonly Draft[],
  context: EvaluationContext,
  protection: Protection,
): Generator<DetectedFinding, void, undefined> {
  const wanted = drafts.map(({ fault }) => changesOf(fault.repair));
  const blockers = drafts.map(({ fault }) => blockerOf(fault.repair));
  const together = !apart(wanted);
  const conflicts = together ? reconcile(resource, drafts, wanted, blockers) : [];
  wanted.forEach((changes, id) => {
    for (const name of changes.flatMap(touched))
      blockers[id] ??= protection.blockerOf(context, resource, name);
  });
  if (together) holdTogether(resource, wanted, blockers);
  for (const [id, draft] of drafts.entries()) yield finding(resource, draft, blockers[id] ?? null);
  const values =
    conflicts.length === 0 ? null : new Map(resource.tags.map(({ name, value }) => [name, value]));
  for (const conflict of conflicts) {
    yield conflictFinding(resource, conflict, { drafts, value: values?.get(conflict.key) ?? null });
  }
}

/** Fixes that each touch one key of their own have nothing to disagree about. */
function apart(wanted: readonly (readonly TagChange[])[]): boolean {
  const [first, second] = wanted;
  if (second === undefined) return (first?.length ?? 0) < 2;
  const distinct = new Set<string>();
  let keys = 0;
  for (const list of wanted) {
    for (const change of list) {
      for (const name of touched(change)) {
        distinct.add(name);
        keys += 1;
      }
    }
  }
  return distinct.size === keys;
}

/** Blocks what gives way and what disagrees; returns the disagreements. */
function reconcile(
  resource: Resource,
  drafts: readonly Draft[],
  wanted: readonly (readonly TagChange[])[],
  blockers: (Blocker | null)[],
): readonly ChangeConflict[] {
  yieldDefaults(drafts, wanted, blockers);
  const free = wanted.flatMap((changes, id) =>
    changes.length > 0 && blockers[id] === null ? [{ id, changes }] : [],
  );
  const { conflicts, refused } = compose(resource, free);
  if (refused.size === 0) return conflicts;
  const own = conflictsByProposal(conflicts);
  const all = ruleConflict(conflicts, drafts);
  for (const id of refused) {
    const its = own.get(id);
    // What is only tied to a conflict, by a rename, gives way to all of them.
    blockers[id] ??= its === undefined ? all : ruleConflict(its, drafts);
  }
  return conflicts;
}

function conflictsByProposal(
  conflicts: readonly ChangeConflict[],
): ReadonlyMap<number, readonly ChangeConflict[]> {
  const own = new Map<number, ChangeConflict[]>();
  for (const conflict of conflicts) {
    for (const id of conflict.proposals) {
      const its = own.get(id);
      if (its === undefined) own.set(id, [conflict]);
      else its.push(conflict);
    }
  }
  return own;
}

interface Wish {
  readonly id: number;
  readonly changes: readonly TagChange[];
}

/** A resource carries labels or pointers, and its rules propose changes of that kind alone. */
function compose(resource: Resource, wishes: readonly Wish[]) {
  const pointers = wishes.map(({ id, changes }) => ({ id, changes: changes.filter(isPointerChange) }));
  if (pointers.some(({ changes }) => changes.length > 0)) return composePointerChanges(pointers);
  const labels = wishes.map(({ id, changes }) => ({ id, changes: changes.filter(isLabelChange) }));
  return composeChanges(labelsOf(resource), labels);
}

/** Keys or names that a change writes. */
function touched(change: TagChange): readonly string[] {
  if (change.change === 'rename') return [change.from, change.to];
  return [isLabelChange(change) ? change.key : pointerWritten(change)];
}

const labelsOf = (resource: Resource): Map<string, string> =>
  new Map(resource.tags.map(({ name, value }) => [name, value ?? '']));

const NO_CHANGES: readonly TagChange[] = [];

const changesOf = (repair: Repair | null): readonly TagChange[] =>
  repair !== null && 'changes' in repair ? repair.changes : NO_CHANGES;

const blockerOf = (repair: Repair | null): Blocker | null =>
  repair !== null && 'blocker' in repair ? repair.blocker : null;

const ruleName = ({ pack, rule }: Draft): string => `${pack}/${rule.id}`;

/** A default value is for a key that nobody else would write. */
function yieldDefaults(
  drafts: readonly Draft[],
  wanted: readonly (readonly TagChange[])[],
  blockers: (Blocker | null)[],
): void {
  const isDefault = (id: number): boolean => {
    const repair = drafts[id]?.fault.repair ?? null;
    return repair !== null && 'changes' in repair && repair.isDefault === true;
  };
  const written = new Map<string, number>();
  wanted.forEach((changes, id) => {
    if (isDefault(id)) return;
    for (const change of changes) if (change.change === 'rename') written.set(change.to, id);
  });
  wanted.forEach((changes, id) => {
    for (const change of isDefault(id) ? changes : []) {
      const other = drafts[written.get(touched(change).at(-1) ?? '') ?? -1];
      if (other === undefined) continue;
      const message = `The fix of ${ruleName(other)} would bring this key with a value of its own; the default gives way to it.`;
      blockers[id] ??= { code: 'ANOTHER_FIX', message, references: [ruleName(other)] };
    }
  });
}

/** Several renames that give one key a value it has not got rely on one another: when one is blocked, none is made. */
function holdTogether(
  resource: Resource,
  wanted: readonly (readonly TagChange[])[],
  blockers: (Blocker | null)[],
): void {
  const writers = new Map<string, number[]>();
  wanted.forEach((changes, id) => {
    for (const change of changes) {
      if (change.change !== 'rename') continue;
      const standing = resource.tags.find(({ name }) => name === change.to)?.value;
      if (standing !== change.value) writers.set(change.to, [...(writers.get(change.to) ?? []), id]);
    }
  });
  for (const [key, ids] of writers) {
    const blocked = ids.map((id) => blockers[id] ?? null).find((blocker) => blocker !== null);
    if (blocked === undefined) continue;
    const message = `Another key that would become ${quote(key)} cannot be changed: ${blocked.message}`;
    for (const id of ids) blockers[id] ??= { code: 'ANOTHER_FIX', message, references: blocked.references };
  }
}

function ruleConflict(conflicts: readonly ChangeConflict[], drafts: readonly Draft[]): Blocker {
  const names = rulesOf(conflicts, drafts);
  const keys = listWords(conflicts.map(({ key }) => quote(key)));
  const message = `Rules want different changes to ${keys} (${listWords(names)}); none is made until they agree.`;
  return { code: 'RULE_CONFLICT', message, references: names };
}

function rulesOf(conflicts: readonly ChangeConflict[], drafts: readonly Draft[]): string[] {
  const ids = conflicts.flatMap(({ proposals }) => proposals);
  return [...new Set(ids.flatMap((id) => (drafts[id] === undefined ? [] : [ruleName(drafts[id])])))].sort();
}

function finding(resource: Resource, { pack, rule, fault }: Draft, blocker: Blocker | null): DetectedFinding {
  const { repair } = fault;
  const proposed = changesOf(repair);
  return {
    rulePack: pack,
    ruleId: rule.id,
    severity: rule.severity,
    scope: resource.scope,
    resource: resource.resource,
    resourceType: resource.resourceType,
    tag: fault.tag,
    value: fault.value,
    discriminator: fault.discriminator ?? '',
    message: fault.message,
    suggestion: repair?.suggestion ?? null,
    changes: blocker === null ? proposed : [],
    fixable: repair !== null,
    blocked: blocker !== null,
    fixAtSource: resource.managedBy,
    evidence: blocker === null ? fault.evidence : heldEvidence(fault.evidence, blocker, proposed),
  };
}

/** Why the fix is held, and what it would have been. */
function heldEvidence(evidence: JsonObject, blocker: Blocker, proposed: readonly TagChange[]): JsonObject {
  const held = proposed.length === 0 ? {} : { proposed: proposed.map((change) => ({ ...change })) };
  return { ...evidence, blockedBy: [{ ...blocker }], ...held };
}

function conflictFinding(
  resource: Resource,
  conflict: ChangeConflict,
  { drafts, value }: { readonly drafts: readonly Draft[]; readonly value: string | null },
): DetectedFinding {
  const names = rulesOf([conflict], drafts);
  const wishes = conflict.proposals.flatMap((id) => {
    const draft = drafts[id];
    return draft === undefined
      ? []
      : [{ rule: ruleName(draft), wants: draft.fault.repair?.suggestion ?? '' }];
  });
  return {
    ...CONFLICT_RULE,
    severity: 'medium',
    scope: resource.scope,
    resource: resource.resource,
    resourceType: resource.resourceType,
    tag: conflict.key,
    value,
    discriminator: '',
    message: `Rules want different changes to ${quote(conflict.key)}: ${listWords(names)}. None is made until they agree.`,
    suggestion: null,
    changes: [],
    fixable: false,
    blocked: false,
    fixAtSource: null,
    evidence: { wishes: wishes.sort((a, b) => (a.rule < b.rule ? -1 : 1)) },
  };
}
