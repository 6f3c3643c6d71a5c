import { isDeepStrictEqual } from 'node:util';

/** One value that is not the same on both sides; undefined: not there. */
export interface Difference {
  /** `rules[tag-budget].max`; empty for the whole. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The field of the whole that a difference is in: `rules` of `rules[tag-budget].max`. */
export const fieldOf = ({ path }: Difference): string => path.split(/[.[ ]/, 1)[0] ?? '';

type Fields = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What differs between two values of JSON, field by field. Entries of lists are told apart by their `id` or `key`, where all have one of
 * their own; names and other plain values count as a set, unless only their order differs.
 */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after)) return ofMaps(before, after, (key) => fieldPath(path, key));
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path);
  return [{ path, before, after }];
}

function ofMaps(before: Fields, after: Fields, pathOf: (key: string) => string): Difference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(own(before, key), own(after, key), pathOf(key)));
}

const own = (map: Fields, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

function ofLists(before: readonly unknown[], after: readonly unknown[], path: string): Difference[] {
  const inner = (key: string) => `${path}[${key}]`;
  for (const identity of ['id', 'key']) {
    const [from, to] = [keyed(before, identity), keyed(after, identity)];
    if (from === null || to === null) continue;
    const found = ofMaps(from, to, inner);
    return found.length > 0 ? found : [{ path: `${path} (order)`, before, after }];
  }
  if ([...before, ...after].every((item) => typeof item !== 'object')) return ofSets(before, after, path);
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => index).flatMap((index) =>
    differences(before[index], after[index], inner(String(index))),
  );
}

function ofSets(before: readonly unknown[], after: readonly unknown[], path: string): Difference[] {
  const gone = before.filter((item) => !after.includes(item));
  const come = after.filter((item) => !before.includes(item));
  if (gone.length + come.length === 0) return [{ path: `${path} (order)`, before, after }];
  return [
    ...gone.map((item) => ({ path: `${path}[]`, before: item, after: undefined })),
    ...come.map((item) => ({ path: `${path}[]`, before: undefined, after: item })),
  ];
}

/** The entries by what tells them apart; null when it does not. */
function keyed(list: readonly unknown[], identity: string): Fields | null {
  const entries = list.map((item) => [isMap(item) ? own(item, identity) : undefined, item] as const);
  const keys = new Set(entries.map(([key]) => key));
  if (keys.size < entries.length || entries.some(([key]) => typeof key !== 'string')) return null;
  return Object.fromEntries(entries.map(([key, item]) => [`${key as string}`, item]));
}

const fieldPath = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
