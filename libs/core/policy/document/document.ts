import { visibleText } from './visible-text.js';

/** What a document says: every scalar keeps the text it was written with (`1.0` is "1.0", `no` is "no"). */
export type Written = string | readonly Written[] | WrittenMap;
export interface WrittenMap {
  readonly [key: string]: Written;
}

export type Path = readonly (string | number)[];

export interface Place {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

export interface SourceDocument {
  readonly root: Written;
  /** Where the value at a path starts; the nearest parent that exists when the path does not. */
  placeOf(path: Path): Place | null;
  /** Where the last key of a path is written; the same fallback. */
  placeOfKey(path: Path): Place | null;
}

export const isMap = (value: Written | undefined): value is WrittenMap =>
  typeof value === 'object' && !Array.isArray(value);

export const isList = (value: Written | undefined): value is readonly Written[] => Array.isArray(value);

/** What stands at a path; undefined when nothing does. */
export function valueAt(root: Written, path: Path): Written | undefined {
  let value: Written | undefined = root;
  for (const step of path) {
    if (isList(value) && typeof step === 'number') value = value[step];
    else if (isMap(value) && Object.hasOwn(value, String(step))) value = value[String(step)];
    else return undefined;
  }
  return value;
}

/** `rules.3.fix`; null for the document itself. A key that is long or unseen is shortened and written out. */
export function dotted(path: Path): string | null {
  return path.length === 0 ? null : path.map((step) => visibleText(shortened(String(step)))).join('.');
}

/** What somebody wrote, cut for a message. */
export function shortened(written: string, most = 60): string {
  return written.length > most ? `${written.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : written;
}

/** What somebody wrote, in words for a message: `the text "staging"`, `a list`, `nothing`. */
export function describeWritten(value: Written | undefined): string {
  if (value === undefined || value === '') return 'nothing';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a mapping';
  return JSON.stringify(shortened(value));
}
