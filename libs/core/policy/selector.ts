import type { Matcher } from '../matchers/matcher.js';
import type { Platform } from '../model/platform.js';

/** What a rule judges or a protector covers. null does not limit; several matchers of one field: any; several conditions: all. */
export interface Selector {
  readonly platforms: readonly Platform[] | null;
  readonly targets: readonly Matcher[] | null;
  readonly resources: readonly Matcher[] | null;
  readonly resourceTypes: readonly Matcher[] | null;
  /** On the key or the name. */
  readonly tags: readonly Matcher[] | null;
  /** On the value of another tag of the same resource; a tag that is absent matches nothing. */
  readonly where: readonly { readonly tag: string; readonly matches: Matcher }[];
}

export const EVERYTHING: Selector = {
  platforms: null,
  targets: null,
  resources: null,
  resourceTypes: null,
  tags: null,
  where: [],
};
