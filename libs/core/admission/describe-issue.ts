import type { z } from 'zod';
import { unknownField } from '../policy/schema/diagnose.js';
import { isUnknownField } from '../policy/schema/fields.js';

const NOUNS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

/** What a schema found wrong with JSON, in words. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom' && isUnknownField(issue.params))
    return unknownField(String(issue.path.at(-1)), issue.params);
  if (issue.code === 'invalid_type') return `expected ${NOUNS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small') return 'is empty; write what it is to be, or leave it out';
  if (issue.code === 'too_big')
    return `has at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
  return issue.message;
}
