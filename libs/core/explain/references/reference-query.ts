/** What to look for in the inventory of one target, for what somebody typed. All conditions hold; null does not limit. */
export interface ReferenceQuery {
  /**
   * `tag`: one name is meant; several that are found are an ambiguity. `content`: what names point at is meant, whatever their number.
   * `resource`: a resource as a whole.
   */
  readonly means: 'tag' | 'content' | 'resource';
  /** Any of these ids. */
  readonly resources: readonly string[] | null;
  readonly resourcePrefix: string | null;
  /** Any of these names. */
  readonly names: readonly string[] | null;
  /** Of where a name points, or of what that resolves to in the end. */
  readonly digestPrefix: string | null;
}

const ANYTHING = { resources: null, resourcePrefix: null, names: null, digestPrefix: null } as const;

/** A query, as short as what it asks. */
export const lookFor = (
  means: ReferenceQuery['means'],
  conditions: Partial<Omit<ReferenceQuery, 'means'>>,
): ReferenceQuery => ({ ...ANYTHING, means, ...conditions });

/** Shorter ones mean too much: git asks for four digits, too. */
const PREFIX = /^[0-9a-f]{4,64}$/;

export const isHexPrefix = (text: string): boolean => PREFIX.test(text);
