import { HygieneError, type Fault } from '../errors/hygiene-error.js';
import type { Platform } from '../model/platform.js';
import type { Tag } from '../model/resource.js';
import { RESERVED_NAMES } from '../policy/built-in-protections.js';
import { readPointer, tagOf } from '../policy/given-tag.js';
import { PLATFORM_TAG_KIND } from '../policy/platform-tag-kind.js';
import { MAX_POINTERS, pointer } from '../policy/schema/pointer-schema.js';
import { quote } from '../rules/quote.js';
import { describeIssue } from './describe-issue.js';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const [MAX_LABELS, MAX_KEY, MAX_VALUE] = [50, 128, 256];
/** Of names, by platform. registry: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const MAX_NAME: Readonly<Record<Platform, number>> = { ec2: MAX_KEY, git: 512, registry: 128, docker: 512 };

/**
 * Reads the tags that somebody wants to set.
 * @param written an object of keys and values for a platform of labels; a list of names, or of `{ name, …facts }`, for one of pointers
 * @throws HygieneError INPUT_INVALID with every fault and its place: `tags.3`, `tags.owner`
 */
export function readProposedTags(platform: Platform, written: unknown): readonly Tag[] {
  const faults: Fault[] = [];
  const tags =
    PLATFORM_TAG_KIND[platform] === 'label'
      ? readLabels(platform, written, faults)
      : readPointers(platform, written, faults);
  if (faults.length === 0) return tags;
  const text = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new HygieneError('INPUT_INVALID', text, { faults });
}

function readLabels(platform: Platform, written: unknown, faults: Fault[]): Tag[] {
  if (!isObject(written)) {
    faults.push({ path: 'tags', message: 'expected an object of keys and values, like { "owner": "web" }' });
    return [];
  }
  const entries = Object.entries(written);
  const own = entries.filter(([key]) => RESERVED_NAMES[platform]?.test(key) !== true).length;
  if (own > MAX_LABELS) {
    const message = `a resource has at most ${MAX_LABELS} tags, those of the platform itself not counted; here are ${own}`;
    faults.push({ path: 'tags', message });
  }
  return entries.flatMap(([name, value]): Tag[] => {
    const message = labelFault(name, value);
    if (message !== null) faults.push({ path: `tags.${shortened(name)}`, message });
    return message === null && typeof value === 'string'
      ? [{ name, value, digest: null, createdAt: null }]
      : [];
  });
}

function labelFault(key: string, value: unknown): string | null {
  if (key === '') return 'a key is empty; a key has at least one character';
  if (lengthOf(key) > MAX_KEY)
    return `a key has at most ${MAX_KEY} characters; this one has ${lengthOf(key)}`;
  if (typeof value === 'number' || typeof value === 'boolean')
    return `expected text as the value, like ${quote(String(value))}`;
  if (typeof value !== 'string') return 'expected text as the value; an empty one is ""';
  if (lengthOf(value) > MAX_VALUE)
    return `a value has at most ${MAX_VALUE} characters; this one has ${lengthOf(value)}`;
  return null;
}

function readPointers(platform: Platform, written: unknown, faults: Fault[]): Tag[] {
  if (!Array.isArray(written)) {
    faults.push({ path: 'tags', message: 'expected a list of names, like ["1.2.3"]' });
    return [];
  }
  const items: readonly unknown[] = written;
  if (items.length > MAX_POINTERS) {
    const message = `at most ${MAX_POINTERS} tags are judged at once; here are ${items.length}`;
    faults.push({ path: 'tags', message });
    return [];
  }
  const places = new Map<string, number>();
  return items.flatMap((item, index) => {
    const path = `tags.${index}`;
    const tag = readOne(item, path, faults);
    if (tag === null) return [];
    const first = places.get(tag.name);
    if (first !== undefined)
      faults.push({ path, message: `the name ${quote(tag.name)} stands at tags.${first} already` });
    if (lengthOf(tag.name) > MAX_NAME[platform]) {
      const message = `a name has at most ${MAX_NAME[platform]} characters; this one has ${lengthOf(tag.name)}`;
      faults.push({ path, message });
    }
    places.set(tag.name, first ?? index);
    return [tag];
  });
}

function readOne(item: unknown, path: string, faults: Fault[]): Tag | null {
  if (isObject(item) && typeof item['name'] !== 'string') {
    faults.push({ path: `${path}.name`, message: 'expected text' });
    return null;
  }
  const read = pointer.safeParse(asWritten(item));
  if (read.success) return tagOf(readPointer(read.data));
  for (const issue of read.error.issues)
    faults.push({ path: [path, ...issue.path].join('.'), message: describeIssue(issue) });
  return null;
}

/** What JSON says by its own types, as a document writes it. */
function asWritten(item: unknown): unknown {
  if (!isObject(item)) return item;
  const entries = Object.entries(item).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      typeof value === 'boolean' || typeof value === 'number' ? String(value) : value,
    ]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** In characters as people count them, not in units of UTF-16. */
const lengthOf = (text: string): number => [...text].length;

const shortened = (key: string): string => (key.length > 80 ? `${key.slice(0, 79)}…` : key);
