import type { ManifestRecord } from '#application';
import type { JsonObject, JsonValue } from '#core';

/**
 * What content facts say of a manifest; null when they are facts of something else. They are read as if anybody had written them: what is not
 * of the expected kind counts as not known.
 */
export function manifestRecord(digest: string, facts: JsonObject): ManifestRecord | null {
  const { mediaType } = facts;
  if (typeof mediaType !== 'string') return null;
  const children = Array.isArray(facts['children']) ? (facts['children'] as JsonValue[]) : null;
  const platform = textOrNull(facts['platform']);
  return {
    digest,
    mediaType,
    artifactType: textOrNull(facts['artifactType']),
    createdAt: dateOrNull(facts['createdAt']),
    bytes: children === null ? countOrNull(facts['bytes'], Number.MAX_SAFE_INTEGER) : null,
    layers: children === null ? countOrNull(facts['layers'], 2 ** 31 - 1) : null,
    platforms: children === null ? (platform === null ? [] : [platform]) : listOf(children, 'platform'),
    children: listOf(children ?? [], 'digest'),
    subject: textOrNull(facts['subject']),
  };
}

/** An index with what its manifests (null: not known) say together; what one of them does not say is not known of the whole. */
export function withChildren(
  index: ManifestRecord,
  children: readonly (ManifestRecord | null)[],
): ManifestRecord {
  if (children.length === 0) return index;
  const dates = children.flatMap((child) => child?.createdAt?.getTime() ?? []);
  return {
    ...index,
    createdAt: index.createdAt ?? (dates.length === 0 ? null : new Date(Math.max(...dates))),
    bytes: sum(children.map((child) => child?.bytes)),
    layers: sum(children.map((child) => child?.layers)),
  };
}

function sum(counts: readonly (number | null | undefined)[]): number | null {
  let total = 0;
  for (const count of counts) {
    if (count === null || count === undefined) return null;
    total += count;
  }
  return total;
}

type Maybe = JsonValue | undefined;

function textOrNull(value: Maybe): string | null {
  return typeof value === 'string' ? value : null;
}

/** Milliseconds since the epoch, of years that can be stored and written. */
function dateOrNull(value: Maybe): Date | null {
  const isDate = typeof value === 'number' && Math.abs(value) < 8.64e15;
  const date = isDate ? new Date(value) : null;
  const year = date?.getUTCFullYear() ?? 0;
  return year >= 1 && year <= 9_999 ? date : null;
}

function countOrNull(value: Maybe, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}

function listOf(values: readonly JsonValue[], field: string): string[] {
  return values.flatMap((value) => textOrNull(isObject(value) ? value[field] : undefined) ?? []);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
