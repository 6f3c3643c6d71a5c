import { RE2JS } from 're2js';
import { anchored } from './compile-pattern.js';

/** What a named group took, and where in the text it starts. */
export interface Captured {
  readonly text: string;
  readonly start: number;
}

/** What the named groups of a pattern hold; a group that took no part in the match is left out. null: no match. */
export type Capture = (text: string) => ReadonlyMap<string, Captured> | null;

/** Reads parts of whole texts by an RE2 pattern, anchored at both ends like a matcher, in linear time. */
export function compileCapture(re2: string): Capture {
  const pattern = RE2JS.compile(anchored(re2));
  const names = Object.keys(pattern.namedGroups());
  return (text) => {
    const matcher = pattern.matcher(text);
    if (!matcher.matches()) return null;
    const held = new Map<string, Captured>();
    for (const name of names) {
      const part = matcher.group(name);
      if (part !== null) held.set(name, { text: part, start: matcher.start(name) });
    }
    return held;
  };
}

/** Names of the pattern's groups, `(?P<name>…)`. */
export function groupNames(re2: string): readonly string[] {
  return Object.keys(RE2JS.compile(re2).namedGroups());
}
