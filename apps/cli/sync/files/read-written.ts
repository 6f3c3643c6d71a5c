import { diagnoseIssues, didYouMean, type Diagnostic, type Path } from '#core';
import { z } from 'zod';
import type { FileFault } from '../../failure.js';
import type { Source } from './declared.js';

export type Read<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value: null; readonly faults: readonly FileFault[] };

/**
 * Reads a part of a document by a schema for JSON. In a document everything is text until a field says what it is: `true` and `5` become
 * what they look like only where the schema wants a truth or a number.
 */
export function readWritten<T>(
  schema: z.ZodType<T>,
  { value, path, noun }: { readonly value: unknown; readonly path: Path; readonly noun: string },
  source: Source,
): Read<T> {
  const first = schema.safeParse(value);
  const read = first.success ? first : schema.safeParse(typed(value, first.error.issues));
  if (read.success) return { value: read.data, faults: [] };
  const faults = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          source.fault([...path, ...(issue.path as Path), key], unknownField(noun, key, schema), true),
        )
      : diagnoseIssues(source.document, [issue], path).map((diagnostic) => fileFault(source, diagnostic)),
  );
  return { value: null, faults };
}

export function fileFault({ file }: Source, { line, column, message }: Diagnostic): FileFault {
  return { file, line, column, message };
}

function typed(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue;
    const key = issue.path.at(-1);
    const holder = issue.path.slice(0, -1).reduce(step, copy);
    if (key === undefined || typeof holder !== 'object' || holder === null) continue;
    const held = holder as Record<PropertyKey, unknown>;
    held[key] = meant(held[key], issue.expected);
  }
  return copy;
}

const step = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;

function meant(written: unknown, expected: string): unknown {
  if (expected === 'boolean' && (written === 'true' || written === 'false')) return written === 'true';
  const isNumber = typeof written === 'string' && /^-?\d{1,15}$/.test(written);
  return (expected === 'number' || expected === 'int') && isNumber ? Number(written) : written;
}

function unknownField(noun: string, key: string, schema: z.ZodType): string {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const known = Object.keys(properties ?? {});
  const near = didYouMean(key, known);
  const rest = near === '' ? ` It has: ${known.join(', ')}.` : near;
  return `${noun} has no field ${JSON.stringify(key.slice(0, 60))}.${rest}`;
}
