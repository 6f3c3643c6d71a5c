import { type Content, type Markup, markup } from './markup.js';

/** Characters that nobody sees: control, formatting and blank ones. A space, a line break and a tab are no surprise. */
const INVISIBLE = /(?![ \n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\u115f\u1160\u3164\uffa0\u{1d159}]/gu;
const NAMED_AT_MOST = 3;

/**
 * Text that came from a platform: kept apart from the direction of its surroundings, and said to hold characters that
 * cannot be seen, where it does.
 */
export function foreignText(text: string): Markup {
  const invisible = [...new Set(text.match(INVISIBLE))];
  return invisible.length === 0
    ? markup`<bdi>${text}</bdi>`
    : markup`<bdi>${text}</bdi> <span class="note">invisible characters: ${namesOf(invisible)}</span>`;
}

/** As foreignText; no text at all is a dash; an empty or a blank text is said to be one. */
export function foreignValue(text: string | null): Content {
  if (text === null) return markup`<span class="none">–</span>`;
  if (text !== '' && text.trim() === '') {
    return markup`${foreignText(text)}<span class="none">(only blanks)</span>`;
  }
  return text === '' ? markup`<span class="none">(empty)</span>` : foreignText(text);
}

function namesOf(characters: readonly string[]): string {
  const names = characters.slice(0, NAMED_AT_MOST).map(codePointName);
  return characters.length > NAMED_AT_MOST ? `${names.join(', ')}…` : names.join(', ');
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
