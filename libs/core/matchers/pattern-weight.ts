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
  return type === 're2' ? expressionWeight(text) : text.length;
}

function expressionWeight(text: string): number {
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
      const group = sum + 2;
      sum = open.pop() ?? 0;
      add(group);
    } else if (piece.length > 1 && piece.startsWith('{')) {
      const [, least = '1', most = ''] = new RegExp(TIMES.source).exec(piece) ?? [];
      const times = Math.max(1, Number(least), Number(most));
      sum += last * (times - 1);
      last *= times;
    } else add(pieceWeight(piece));
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
  if (piece.startsWith('\\Q')) return piece.length;
  return 1 + UNICODE_CLASS * (piece.match(/\\[pP]/g)?.length ?? 0);
}
