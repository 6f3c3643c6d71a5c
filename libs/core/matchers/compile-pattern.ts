import { RE2JS, RE2JSException } from 're2js';
import { HygieneError } from '../errors/hygiene-error.js';
import { readGlob } from './glob.js';
import { MAX_PATTERN_LENGTH, MAX_PATTERN_PROGRAM, type Matcher } from './matcher.js';

/** Characters of RE2's own words, which repeat the pattern. */
const MAX_REASON = 120;

/**
 * The RE2 source that matches what the matcher matches once it is anchored at both ends.
 * @throws HygieneError RULE_PACK_INVALID for a broken glob, which `patternFault` refuses first
 */
export function re2Source(matcher: Matcher): string {
  switch (matcher.type) {
    case 'exact':
      return RE2JS.quote(matcher.text);
    case 'prefix':
      return `${RE2JS.quote(matcher.text)}(?s:.*)`;
    case 'glob':
      return globSource(matcher.text);
    case 're2':
      return matcher.text;
  }
}

/** The source between anchors, so that it matches whole texts or nothing. */
export function anchored(source: string): string {
  return `\\A(?:${source}${leavesQuoteOpen(source) ? '\\E' : ''})\\z`;
}

/** RE2 lets a pattern end inside `\Q…`; what is put behind it would be quoted, too. */
function leavesQuoteOpen(source: string): boolean {
  const rest = source.replace(/\\Q[\s\S]*?\\E|\\[^Q]/g, '');
  return rest.includes('\\Q');
}

function globSource(glob: string): string {
  const read = readGlob(glob);
  if ('source' in read) return read.source;
  throw new HygieneError(
    'RULE_PACK_INVALID',
    `The glob ${JSON.stringify(glob)} cannot be read: ${read.fault}.`,
  );
}

/** Why a pattern is refused, in words that say how to mend it; null when it is good. */
export function patternFault(matcher: Matcher): string | null {
  if (matcher.text.length > MAX_PATTERN_LENGTH) {
    return `A pattern has at most ${MAX_PATTERN_LENGTH} characters; this one has ${matcher.text.length}.`;
  }
  if (matcher.type === 'exact') return null;
  if (matcher.text === '') return `An empty ${matcher.type} pattern; write what it has to match.`;
  if (matcher.type === 'prefix') return null;
  const glob = matcher.type === 'glob' ? readGlob(matcher.text) : null;
  if (glob !== null && 'fault' in glob) return `This glob cannot be read: ${glob.fault}.`;
  try {
    const size = RE2JS.compile(re2Source(matcher)).programSize();
    return size > MAX_PATTERN_PROGRAM
      ? `This pattern is too large once its repetitions are unrolled (${size} steps; at most ${MAX_PATTERN_PROGRAM}).`
      : null;
  } catch (error) {
    if (error instanceof RE2JSException) return refusal(matcher, error);
    throw error;
  }
}

function refusal(matcher: Matcher, error: RE2JSException): string {
  if (/\(\?<?[=!]/.test(matcher.text)) {
    return 'RE2 refuses this pattern: it has a look-ahead or look-behind, which cannot be matched in linear time. Say it with a second rule, or with `except`.';
  }
  if (/\\[1-9]|\\k</.test(matcher.text)) {
    return 'RE2 refuses this pattern: it has a back-reference, which cannot be matched in linear time. Spell the repeated part out.';
  }
  const told = error.message.replace(/^error parsing regexp: /, '');
  const reason = told.length > MAX_REASON ? `${told.slice(0, MAX_REASON)}…` : told;
  return `RE2 refuses this pattern: ${reason}. See https://github.com/google/re2/wiki/Syntax for what it takes.`;
}
