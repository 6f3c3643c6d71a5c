import type { Matcher } from './matcher.js';

/** What a Unicode class costs beside a letter: it has hundreds of ranges. */
const UNICODE_CLASS = 30;
const TIMES = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;
const ESCAPE = /\\(?:Q[\s\S]*?(?:\\E|$)|[pP](?:\{[^}]*\}?|.?)|x\{[^}]*\}?|[\s\S]?)/y;
const CLASS = /\[\^?\]?(?:\\[\s\S]|\[:\^?[a-z]*:\]|[^\]\\])*\]?/y;

/**
 * About how many steps a pattern comes to once its repetitions are unrolled, told from its text alone, in linear time. Compiling costs as
 * much, and nobody should have to compile what is too large to find that out.
 */
export function patternWeight({ type, text }: Matcher): number {
  return type === 're2' ? weigh(text, pieceWeight) : text.length;
}

/** A deterministic automaton may need a state for every set of the places counted here, that is two to the power of their number. */
const MOST_OPEN_PLACES = 7;

/**
 * Does an RE2 source have many places that take almost any letter behind a part that may be of any length (`.*a.{20}`)? An automaton has to
 * remember which of the last letters could have started them.
 */
export function mayExplode(source: string): boolean {
  let isEndless = false;
  const open = weigh(source, (piece) => {
    if (/^(?:[*+]|\{\d+,\})$/.test(piece)) isEndless = true;
    return isEndless && OPEN_PLACE.test(piece) ? 1 : 0;
  });
  return open > MOST_OPEN_PLACES;
}

/** An alternative, any letter, a class but one of digits alone. */
const OPEN_PLACE = /^(?:[|.]|\[(?!0-9\]$).*|\\[DSWpPw].*)$/su;

function weigh(text: string, weightOf: (piece: string) => number): number {
  /** Weights of the open groups, each up to where the next one opens. */
  const open: number[] = [];
  let sum = 0;
  let last = 0;
  const add = (weight: number): void => {
    last = weight;
    sum += weight;
  };
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at);
    at += piece.length;
    if (piece === '(') {
      open.push(sum);
      [sum, last] = [0, 0];
    } else if (piece === ')') {
      const group = sum + weightOf('()');
      sum = open.pop() ?? 0;
      add(group);
    } else if (piece.length > 1 && piece.startsWith('{')) {
      const [, least = '1', most = ''] = new RegExp(TIMES.source).exec(piece) ?? [];
      const times = Math.max(1, Number(least), Number(most));
      weightOf(piece);
      sum += last * (times - 1);
      last *= times;
    } else add(weightOf(piece));
  }
  return open.reduce((all, before) => all + before, sum);
}

function pieceAt(text: string, at: number): string {
  const pattern = { '\\': ESCAPE, '[': CLASS, '{': TIMES }[text.charAt(at)];
  if (pattern === undefined) return text.charAt(at);
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? text.charAt(at);
}

function pieceWeight(piece: string): number {
  if (piece.startsWith('\\Q') || piece === '()') return piece.length;
  return 1 + UNICODE_CLASS * (piece.match(/\\[pP]/g)?.length ?? 0);
}
