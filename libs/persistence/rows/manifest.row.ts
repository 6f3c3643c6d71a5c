import type { ManifestRecord } from '#application';
import type { JsonObject, JsonValue } from '#core';

/**
 * What content facts say of a manifest; null when they are facts of something else. They are read as if anybody had written them: what is not
 * of the expected kind counts as not known.
 */
export function manifestRecord(digest: string, facts: JsonObject): ManifestRecord | null {
  const { mediaType } = facts;
  if (typeof mediaType !== 'string') return null;
  return {
    digest,
    mediaType,
    artifactType: textOrNull(facts['artifactType']),
    createdAt: dateOrNull(facts['createdAt']),
    bytes: countOrNull(facts['bytes'], Number.MAX_SAFE_INTEGER),
    layers: countOrNull(facts['layers'], 2 ** 31 - 1),
    platforms: listOf(facts['platforms'], textOrNull),
    children: listOf(facts['children'], (child) => textOrNull(isObject(child) ? child['digest'] : child)),
    subject: textOrNull(facts['subject']),
  };
}

type Maybe = JsonValue | undefined;

function textOrNull(value: Maybe): string | null {
  return typeof value === 'string' ? value : null;
}

function dateOrNull(value: Maybe): Date | null {
  const date = typeof value === 'string' ? new Date(value) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

function countOrNull(value: Maybe, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}

function listOf(value: Maybe, read: (member: JsonValue) => string | null): string[] {
  return Array.isArray(value) ? (value as JsonValue[]).flatMap((member) => read(member) ?? []) : [];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
