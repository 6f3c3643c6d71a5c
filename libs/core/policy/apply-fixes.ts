import { isLabelChange, type DetectedFinding, type LabelChange } from '../model/finding.js';
import { composeChanges } from './compose-changes.js';

/** The labels once these changes are made; changes of one composition, so their order does not matter. */
export function applyChanges(
  labels: ReadonlyMap<string, string>,
  changes: readonly LabelChange[],
): ReadonlyMap<string, string> {
  const after = new Map(labels);
  for (const change of changes) {
    if (change.change === 'remove') after.delete(change.key);
    if (change.change === 'rename') after.delete(change.from);
  }
  for (const change of changes) {
    if (change.change === 'set') after.set(change.key, change.value);
    if (change.change === 'rename') after.set(change.to, change.value);
  }
  return after;
}

/** The labels of one resource once every fix of its findings is made that may be made; blocked ones change nothing. */
export function applyFixes(
  labels: ReadonlyMap<string, string>,
  findings: readonly DetectedFinding[],
): ReadonlyMap<string, string> {
  const proposals = findings.map(({ changes }, id) => ({ id, changes: changes.filter(isLabelChange) }));
  return applyChanges(labels, composeChanges(labels, proposals).changes);
}
