import { compileCapture } from '../matchers/capture.js';
import { parseCalver, parseSemver } from '../versions/version.js';

export const SCHEMES = ['semver', 'calver'] as const;
export const PREFIXES = ['v', 'none', 'any'] as const;

/** How versions are to be written, as a version-form rule says it. */
export interface VersionForm {
  readonly scheme: (typeof SCHEMES)[number] | { readonly re2: string };
  /** Absent: any. */
  readonly prefix?: (typeof PREFIXES)[number] | undefined;
  /** The pattern that takes names apart, with the groups `group` and `version`. */
  readonly group?: string | undefined;
}

/** What a name is to a form: right, a version in all but its prefix (and the right name), or no version of the scheme. */
export type FormReading =
  | { readonly form: 'right' }
  | { readonly form: 'prefix'; readonly right: string }
  | { readonly form: 'none' };

export interface NameParts {
  /** Which versions it stands among: `pkg/` of `pkg/v1.2.3`. */
  readonly group: string;
  readonly version: string;
  /** The name with another version in its place. */
  with(version: string): string;
}

/** Reads names by a form; pure, and the same for every resource. */
export function compileForm({ scheme, prefix = 'any', group }: VersionForm): (name: string) => FormReading {
  const split = splitter(group);
  const isVersion = versionTest(scheme);
  return (name) => {
    const parts = split(name);
    const bare = withoutV(parts.version);
    if (prefix === 'any') return { form: isVersion(bare) || isVersion(parts.version) ? 'right' : 'none' };
    if (!isVersion(bare)) return { form: 'none' };
    const right = prefix === 'v' ? `v${bare}` : bare;
    return right === parts.version ? { form: 'right' } : { form: 'prefix', right: parts.with(right) };
  };
}

export const withoutV = (version: string): string => version.replace(/^[vV]/, '');

/** Takes names apart by a pattern with the groups `group` and `version`; a name that it does not match is all version. */
export function splitter(pattern: string | undefined): (name: string) => NameParts {
  const read = pattern === undefined ? () => null : compileCapture(pattern);
  return (name) => {
    const held = read(name);
    const { text, start } = held?.get('version') ?? { text: name, start: 0 };
    return {
      group: held?.get('group')?.text ?? '',
      version: text,
      with: (version) => `${name.slice(0, start)}${version}${name.slice(start + text.length)}`,
    };
  };
}

/** Tests versions without a prefix: the schemes' own readers would let one more `v` pass. */
function versionTest(scheme: VersionForm['scheme']): (bare: string) => boolean {
  if (scheme === 'semver') return (bare) => parseSemver(bare)?.prefix === '';
  if (scheme === 'calver') return (bare) => parseCalver(bare)?.prefix === '';
  const read = compileCapture(scheme.re2);
  return (bare) => read(bare) !== null;
}
