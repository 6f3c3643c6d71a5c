import { isPointerChange, type DetectedFinding, type PointerChange } from '../model/finding.js';
import { composePointerChanges } from './compose-pointer-changes.js';

/** Names, and where each points; null: not known. */
export type PointedNames = ReadonlyMap<string, string | null>;

/**
 * The names once these changes are made; changes of one composition, so their order does not matter. A change is made only where
 * things stand as they stood when the rule judged, and never over a name that is there. A purge changes no name.
 */
export function applyPointerChanges(names: PointedNames, changes: readonly PointerChange[]): PointedNames {
  const after = new Map(names);
  for (const change of changes) {
    switch (change.change) {
      case 'untag':
        if (names.get(change.name) === change.digest) after.delete(change.name);
        break;
      case 'alias':
        if (names.get(change.from) === change.digest && !names.has(change.to))
          after.set(change.to, change.digest);
        break;
      case 'restore':
        if (names.get(change.name) === change.digest) after.set(change.name, change.to);
        break;
      case 'purge':
        break;
    }
  }
  return after;
}

/** The names of one resource once every fix of its findings is made that may be made; blocked ones change nothing. */
export function applyPointerFixes(names: PointedNames, findings: readonly DetectedFinding[]): PointedNames {
  const proposals = findings.map(({ changes }, id) => ({ id, changes: changes.filter(isPointerChange) }));
  return applyPointerChanges(names, composePointerChanges(proposals).changes);
}
