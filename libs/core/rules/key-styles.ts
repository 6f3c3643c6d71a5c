/** The ways to write a key. A key of several parts (`acme:cost-center`, `team/name`) is judged part by part. */
export const KEY_STYLES = ['kebab-case', 'snake_case', 'camelCase', 'PascalCase', 'lowercase'] as const;
export type KeyStyle = (typeof KEY_STYLES)[number];

const PART = /([:/.])/;
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[\p{L}\p{M}]+|\p{N}+|[^\p{L}\p{M}\p{N}]+/gu;
const SIGNS = /^[^\p{L}\p{M}\p{N}]/u;
const NO_SIGNS = /^[\p{L}\p{M}\p{N}]+$/u;
const KEBAB = /^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u;
const SNAKE = /^[\p{L}\p{M}\p{N}]+(_[\p{L}\p{M}\p{N}]+)*$/u;

/** The key in the style; the key itself when it keeps to it already, or has no words to write in it. */
export function inStyle(key: string, style: KeyStyle): string {
  return key
    .split(PART)
    .map((part, index) => {
      if (index % 2 === 1 || keepsTo(part, style)) return part;
      const styled = write(part, style);
      return keepsTo(styled, style) ? styled : part;
    })
    .join('');
}

function keepsTo(part: string, style: KeyStyle): boolean {
  const [first = ''] = part;
  switch (style) {
    case 'lowercase':
      return part === part.toLowerCase();
    case 'kebab-case':
      return part === part.toLowerCase() && KEBAB.test(part);
    case 'snake_case':
      return part === part.toLowerCase() && SNAKE.test(part);
    case 'camelCase':
      return first === first.toLowerCase() && NO_SIGNS.test(part);
    case 'PascalCase':
      return first === first.toUpperCase() && NO_SIGNS.test(part);
  }
}

function write(part: string, style: KeyStyle): string {
  const words = wordsOf(part);
  switch (style) {
    case 'lowercase':
      return part.toLowerCase();
    case 'kebab-case':
      return words.join('-');
    case 'snake_case':
      return words.join('_');
    case 'camelCase':
      return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
    case 'PascalCase':
      return words.map(capital).join('');
  }
}

/** `HTTPServerName`, `http_server name` -> http, server, name. Digits stay with the word before them. */
function wordsOf(part: string): string[] {
  const words: string[] = [];
  let joins = false;
  for (const [piece] of part.matchAll(WORD)) {
    if (SIGNS.test(piece)) {
      joins = false;
    } else if (joins && /^\p{N}/u.test(piece)) {
      words.push(`${words.pop() ?? ''}${piece}`);
    } else {
      words.push(piece.toLowerCase());
      joins = true;
    }
  }
  return words;
}

const capital = (word: string): string => {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length);
};
