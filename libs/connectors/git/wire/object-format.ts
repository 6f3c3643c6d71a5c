/** How a repository names its objects. https://git-scm.com/docs/hash-function-transition */
export type ObjectFormat = 'sha1' | 'sha256';

export const ID_LENGTHS: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 };

const SHAPES: Readonly<Record<ObjectFormat, RegExp>> = { sha1: /^[0-9a-f]{40}$/, sha256: /^[0-9a-f]{64}$/ };
const NOTHING = /^0+$/;

/** An id of the right length; all zeros mean "no object" and are none. */
export function isObjectId(text: string, format: ObjectFormat): boolean {
  return SHAPES[format].test(text) && !NOTHING.test(text);
}
