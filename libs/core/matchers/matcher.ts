/** One explicit way to match a whole text: always anchored at both ends, case-sensitive. */
export type Matcher =
  | { readonly type: 'exact'; readonly text: string }
  | { readonly type: 'prefix'; readonly text: string }
  /** `*` and `?` stop at `/`, `**` does not; `{a,b}` and `[a-z]` as usual; `\` takes the next character literally. */
  | { readonly type: 'glob'; readonly text: string }
  /** RE2 syntax: linear time, so no look-around and no back-references. */
  | { readonly type: 're2'; readonly text: string };

export const MATCHER_TYPES = ['exact', 'prefix', 'glob', 're2'] as const;

/** Most characters of one pattern. */
export const MAX_PATTERN_LENGTH = 1_000;
/** Most RE2 instructions of one pattern; an ordinary pattern has well under a hundred. */
export const MAX_PATTERN_PROGRAM = 1_100;

export const exact = (text: string): Matcher => ({ type: 'exact', text });
export const prefix = (text: string): Matcher => ({ type: 'prefix', text });

/** As a rule pack would write it: `{ prefix: "phoenix-" }`. */
export function describeMatcher(matcher: Matcher): string {
  return `${matcher.type} ${JSON.stringify(matcher.text)}`;
}
