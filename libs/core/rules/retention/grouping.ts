import { RE2JS } from 're2js';
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

/** The names of the pattern's groups. */
export const groupNames = (re2: string): string[] => Object.keys(RE2JS.compile(re2).namedGroups());

/** A group named `version`, where the pattern has one, says which part of the name is the version: `pkg/v1.2.3`. */
function captured(re2: string): (name: string) => Grouped {
  const pattern = RE2JS.compile(re2);
  const hasVersion = groupNames(re2).includes('version');
  return (name) => {
    const match = pattern.matcher(name);
    if (!match.matches()) return { group: null, version: name };
    const version = hasVersion ? match.group('version') : null;
    return { group: match.group('group'), version: version ?? name };
  };
}
