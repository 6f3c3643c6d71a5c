import type { Platform } from '../model/platform.js';
import { RESERVED_NAMES } from '../policy/built-in-protections.js';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const IMAGE_TAG = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}';
/** https://github.com/distribution/reference/blob/main/reference.go */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const IMAGE = `(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?${COMPONENT}(?:/${COMPONENT})*`;

const IS_IMAGE_TAG = new RegExp(`^${IMAGE_TAG}$`);
const IS_IMAGE_REFERENCE = new RegExp(`^${IMAGE}:${IMAGE_TAG}$`);

/** What no ref may hold anywhere: https://git-scm.com/docs/git-check-ref-format, and names that `git tag` takes for options. */
const NOT_IN_A_REF = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|^[/.-]|[/.]$|^$/;

const LEGAL: Readonly<Record<Platform, (name: string) => boolean>> = {
  // Keys of labels point nowhere: no pointer of that name can be made.
  ec2: () => false,
  git: (name) => name.isWellFormed() && !NOT_IN_A_REF.test(name),
  registry: (name) => IS_IMAGE_TAG.test(name),
  docker: (name) => IS_IMAGE_REFERENCE.test(name),
};

/** May a pointer of this name be made there? Names that the platform keeps for itself may not. */
export function isLegalName(platform: Platform, name: string): boolean {
  return LEGAL[platform](name) && RESERVED_NAMES[platform]?.test(name) !== true;
}
