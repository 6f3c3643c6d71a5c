import type { z } from 'zod';
import type { Diagnostic } from '../policy.js';
import { didYouMean } from '../document/did-you-mean.js';
import {
  describeWritten,
  dotted,
  shortened,
  valueAt,
  type Path,
  type SourceDocument,
} from '../document/document.js';
import { isUnknownField } from './fields.js';

/** Says in words what a schema found wrong, at the place where it is written. */
export function diagnoseIssues(
  document: SourceDocument,
  issues: readonly z.core.$ZodIssue[],
  base: Path = [],
): Diagnostic[] {
  return issues.map((issue) => diagnoseIssue(document, issue, [...base, ...(issue.path as Path)]));
}

function diagnoseIssue(document: SourceDocument, issue: z.core.$ZodIssue, path: Path): Diagnostic {
  const atKey = issue.code === 'custom' && isUnknownField(issue.params);
  return diagnostic(document, path, sentence(message(document, issue, path)), { atKey });
}

/** One diagnostic at a path of the document; CRITICAL unless said otherwise. */
export function diagnostic(
  document: SourceDocument,
  path: Path,
  message: string,
  options: { readonly atKey?: boolean; readonly severity?: Diagnostic['severity'] } = {},
): Diagnostic {
  const place = options.atKey === true ? document.placeOfKey(path) : document.placeOf(path);
  return {
    message,
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: dotted(path),
    severity: options.severity ?? 'critical',
  };
}

function sentence(words: string): string {
  const upper = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.?!]$/.test(upper) ? upper : `${upper}.`;
}

const NOUNS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};

function message(document: SourceDocument, issue: z.core.$ZodIssue, path: Path): string {
  const written = valueAt(document.root, path);
  const field = JSON.stringify(shortened(String(path.at(-1) ?? '')));
  if (issue.code === 'custom' && isUnknownField(issue.params)) {
    return unknownField(String(path.at(-1)), issue.params);
  }
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') {
    const known = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    const expected =
      issue.code === 'invalid_value'
        ? `one of ${known.join(', ')}`
        : (NOUNS[issue.expected] ?? issue.expected);
    if (written === undefined) return `${field} is missing: expected ${expected}`;
    const near = typeof written === 'string' ? didYouMean(written, known) : '';
    return `expected ${expected}, not ${describeWritten(written)}.${near}`;
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'string'
      ? `${field} is empty; write what it is to be`
      : `${field} is an empty list; name at least one, or leave the field out`;
  }
  if (issue.code === 'too_big') {
    return `${field} has at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
  }
  return issue.message;
}

export function unknownField(
  name: string,
  { noun, known }: { readonly noun: string; readonly known: readonly string[] },
): string {
  const near = didYouMean(name, known);
  return `${noun} has no field ${JSON.stringify(shortened(name))}.${near === '' ? ` It has: ${known.join(', ')}.` : near}`;
}
