import { RE2JS } from 're2js';

/** The RE2 source of a glob, to be anchored at both ends; or what is wrong with the glob. */
export type GlobReading = { readonly source: string } | { readonly fault: string };

export function readGlob(glob: string): GlobReading {
  let source = '';
  let depth = 0;
  let at = 0;
  while (at < glob.length) {
    const read = readPiece(glob, at, depth);
    if (typeof read === 'string') return { fault: read };
    const [piece, next] = read;
    if (glob[at] === '{') depth += 1;
    if (glob[at] === '}' && depth > 0) depth -= 1;
    source += piece;
    at = next;
  }
  return depth > 0 ? { fault: 'a "{" is not closed' } : { source };
}

/** A piece of RE2 source and where the next one starts; or a fault. */
type Piece = [source: string, next: number] | string;

function readPiece(glob: string, at: number, depth: number): Piece {
  const char = String.fromCodePoint(glob.codePointAt(at) ?? 0);
  const after = at + char.length;
  switch (char) {
    case '*':
      return glob[after] === '*' ? ['(?s:.*)', after + 1] : ['[^/]*', after];
    case '?':
      return ['[^/]', after];
    case '{':
      return ['(?:', after];
    case '}':
      return depth > 0 ? [')', after] : ['\\}', after];
    case ',':
      return [depth > 0 ? '|' : ',', after];
    case '[':
      return readClass(glob, at);
    case '\\':
      return readEscape(glob, after);
    default:
      return [RE2JS.quote(char), after];
  }
}

function readEscape(glob: string, at: number): Piece {
  const code = glob.codePointAt(at);
  if (code === undefined) return 'a "\\" ends it with nothing to escape';
  const char = String.fromCodePoint(code);
  return [RE2JS.quote(char), at + char.length];
}

function readClass(glob: string, open: number): Piece {
  const negated = glob[open + 1] === '!' || glob[open + 1] === '^';
  const start = open + (negated ? 2 : 1);
  // A `]` that comes first is an ordinary member, as in every shell.
  const close = glob.indexOf(']', start + 1);
  if (close < 0) return 'a "[" is not closed';
  const members = glob.slice(start, close).replace(/[\\[\]^&~|]/g, '\\$&');
  return [`[${negated ? '^/' : ''}${members}]`, close + 1];
}
