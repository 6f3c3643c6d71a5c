import { foldAsciiCase } from '../../matchers/ascii-case.js';

/** Three separate states of a value that says nothing. An absent tag is none of them. */
export const EMPTY_STATES = ['empty', 'whitespace', 'placeholder'] as const;
export type EmptyState = (typeof EMPTY_STATES)[number];

/** How a value says nothing; null when it says something. Placeholders count with any ASCII case and with space around them. */
export function emptiness(value: string, placeholders: ReadonlySet<string>): EmptyState | null {
  if (value === '') return 'empty';
  const trimmed = value.trim();
  if (trimmed === '') return 'whitespace';
  return placeholders.has(foldAsciiCase(trimmed)) ? 'placeholder' : null;
}
