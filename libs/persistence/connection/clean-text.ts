import type { JsonValue } from '#core';

const NUL = '\u0000';
const REPLACEMENT = '\uFFFD';

/** PostgreSQL's text holds any Unicode but NUL, and no half of a surrogate pair: both become U+FFFD, so that it shows. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes(NUL) ? whole.replaceAll(NUL, REPLACEMENT) : whole;
}

/** JSON text for a jsonb column, its strings and keys cleaned as `cleanText` does. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  // JSON.stringify escapes exactly what jsonb refuses; a false alarm (an escaped backslash before u0000) costs one deep copy.
  return /\\u(0000|d[89a-f])/.test(text) ? JSON.stringify(cleanValue(JSON.parse(text) as JsonValue)) : text;
}

function cleanValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as JsonValue[]).map(cleanValue);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [cleanText(key), cleanValue(member)]),
  );
}
