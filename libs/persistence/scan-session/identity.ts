import { createHash } from 'node:crypto';
import { cleanText } from '../connection/clean-text.js';

/** PostgreSQL's B-tree takes 2,704 bytes a row; a character has four at most, and two such texts share one index. */
const MAX_IDENTITY = 300;
const HASH_DIGITS = 16;

/**
 * A text that identifies something (scope, resource, tag name, digest), as it is stored: cleaned, and cut with a hash of the whole when it is longer
 * than any platform allows, so that a hostile name neither fails the scan nor falls together with another.
 */
export function identity(text: string): string {
  const clean = cleanText(text);
  if (clean.length <= MAX_IDENTITY) return clean;
  const hash = createHash('sha256').update(clean).digest('hex').slice(0, HASH_DIGITS);
  return `${clean.slice(0, MAX_IDENTITY).toWellFormed()}…${hash}`;
}
