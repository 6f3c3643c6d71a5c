import { readDocument } from '#core';
import type { PackRow } from '../../api/rows.js';
import type { DeclaredPack } from '../files/declared.js';
import { differences, type Difference } from './differences.js';
import type { PackStep } from './step.js';

export function planPacks(
  declared: readonly DeclaredPack[],
  current: ReadonlyMap<string, PackRow>,
  prune: boolean,
): PackStep[] {
  const steps = declared.map((pack) => planPack(pack, current.get(pack.name) ?? null));
  const kept = new Set(declared.map(({ name }) => name));
  const pruned = prune ? [...current.values()].filter(({ name }) => !kept.has(name)) : [];
  return [...steps, ...pruned.map(removed)];
}

function planPack(declared: DeclaredPack, current: PackRow | null): PackStep {
  const step = { kind: 'rule-pack', name: declared.name, declared, current } as const;
  if (current === null) return { ...step, action: 'create', differences: [], notes: [] };
  if (current.document === declared.document)
    return { ...step, action: 'unchanged', differences: [], notes: [] };
  const found = documentDifferences(current.document, declared.document);
  const notes = found.length === 0 ? ['Only comments, layout or order differ.'] : [];
  return { ...step, action: 'update', differences: found, notes };
}

/** Everything in a pack is text; a stored one that cannot be read any more differs as a whole. */
const documentDifferences = (before: string, after: string): Difference[] =>
  differences(readDocument(before).document?.root ?? before, readDocument(after).document?.root);

function removed(current: PackRow): PackStep {
  return {
    kind: 'rule-pack',
    name: current.name,
    action: 'delete',
    declared: null,
    current,
    differences: [],
    notes: ['Its findings resolve at the next scan; its versions stay readable.'],
  };
}
