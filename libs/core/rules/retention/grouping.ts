import { compileCapture } from '../../matchers/capture.js';
import { majorOf, minorOf, parseVersion } from '../../versions/version.js';
import type { GroupBy } from './params.js';

/** The group of a name, and the part of it that is read as a version. */
export interface Grouped {
  /** null: the name is of no group. */
  readonly group: string | null;
  readonly version: string;
}

/** Reads names by `groupBy`; without one, everything is of one group. */
export function grouping(groupBy: GroupBy | undefined): (name: string) => Grouped {
  if (groupBy === undefined) return (name) => ({ group: null, version: name });
  if (typeof groupBy === 'object') return captured(groupBy.re2);
  const of = groupBy === 'major' ? majorOf : minorOf;
  return (name) => {
    const version = parseVersion(name);
    return { group: version === null ? null : of(version), version: name };
  };
}

/** A group named `version`, where the pattern has one, says which part of the name is the version: `pkg/v1.2.3`. */
function captured(re2: string): (name: string) => Grouped {
  const capture = compileCapture(re2);
  return (name) => {
    const parts = capture(name);
    return { group: parts?.get('group')?.text ?? null, version: parts?.get('version')?.text ?? name };
  };
}
