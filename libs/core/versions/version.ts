import { byCodeUnit } from '../matchers/ascii-case.js';

/** A version as a tag writes it. */
export interface Version {
  /** `loose`: numbers with dots that are neither strict SemVer nor a calendar version (`1.2`, `1`, `1.2.3.4`). */
  readonly scheme: 'semver' | 'calver' | 'loose';
  readonly prefix: '' | 'v' | 'V';
  /** Major, minor, patch…, or year, month…; always safe integers, and as written: `24.04` is 24 and 4. */
  readonly numbers: readonly number[];
  /** `['rc', 1]`; empty: a release. Digits beyond a safe integer stay text and still compare as a number. */
  readonly prerelease: readonly (string | number)[];
  /** What follows `+`; it never counts in an order. */
  readonly build: string | null;
}

/** Every part is told from the next by its first character, so that no name makes these slow. */
const NUMBERED =
  /^(?<prefix>[vV]?)(?<numbers>\d+(?:\.\d+)*)(?:-(?<prerelease>[0-9A-Za-z.-]+))?(?:\+(?<build>[0-9A-Za-z.-]+))?$/;
const CALENDAR =
  /^(?<prefix>[vV]?)(?<numbers>(?:20\d\d|\d\d)[.-](?:0?[1-9]|1[0-2])(?:[.-]\d+)*)(?:-(?<prerelease>[A-Za-z][0-9A-Za-z.-]*))?$/;

/** Strict SemVer 2.0.0 (https://semver.org/spec/v2.0.0.html) after an optional `v` or `V`; null for anything else. */
export function parseSemver(name: string): Version | null {
  const groups = NUMBERED.exec(name)?.groups;
  const numbers = groups?.numbers?.split('.') ?? [];
  const identifiers = groups?.prerelease?.split('.') ?? [];
  if (numbers.length !== 3 || [...numbers, ...identifiers].some(hasLeadingZero)) return null;
  return read('semver', groups);
}

/**
 * A calendar version (https://calver.org): `YYYY.MM`, `YY.0M.MICRO`, `YYYY-0M-0D`…, with `.` or `-` between, an optional `v` and an
 * optional prerelease that starts with a letter. Years are 2000 to 2099, in four digits or two; null for anything else.
 */
export function parseCalver(name: string): Version | null {
  return read('calver', CALENDAR.exec(name)?.groups);
}

/** SemVer, else a calendar version, else numbers with dots; null when the name is no version. */
export function parseVersion(name: string): Version | null {
  return parseSemver(name) ?? parseCalver(name) ?? read('loose', NUMBERED.exec(name)?.groups);
}

/** `1` */
export const majorOf = ({ numbers }: Version): string => `${numbers[0] ?? 0}`;

/** `1.2`; a minor that is not written is 0. */
export const minorOf = ({ numbers }: Version): string => `${numbers[0] ?? 0}.${numbers[1] ?? 0}`;

function read(scheme: Version['scheme'], groups: Record<string, string> | undefined): Version | null {
  if (groups === undefined) return null;
  const { prefix, prerelease, build } = groups as Record<string, string | undefined>;
  const numbers = (groups.numbers ?? '').split(/[.-]/).map(Number);
  const identifiers = prerelease?.split('.') ?? [];
  const empty = identifiers.includes('') || build?.split('.').includes('') === true;
  if (empty || !numbers.every(Number.isSafeInteger)) return null;
  return {
    scheme,
    prefix: prefix === 'v' || prefix === 'V' ? prefix : '',
    numbers,
    prerelease: identifiers.map(identifier),
    build: build ?? null,
  };
}

const hasLeadingZero = (written: string): boolean => /^0\d+$/.test(written);

function identifier(written: string): string | number {
  if (!/^\d+$/.test(written)) return written;
  const number = Number(written);
  return Number.isSafeInteger(number) ? number : written.replace(/^0+/, '');
}

/**
 * Negative when `a` comes before `b`: SemVer's precedence (https://semver.org/spec/v2.0.0.html#spec-item-11) for versions of any
 * scheme. Numbers that are missing count as 0, prefix and build do not count.
 */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: Version['prerelease'], b: Version['prerelease']): number {
  // A release comes after its prereleases.
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (right === undefined) return 1;
    const order = compareIdentifiers(String(left), String(right));
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

/** Numbers by their size and before words; words by ASCII. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [isNumber(a), isNumber(b)];
  if (left !== right) return left ? -1 : 1;
  // Without leading zeros the longer number is the larger one, however large.
  return (left ? Math.sign(a.length - b.length) : 0) || byCodeUnit(a, b);
}

const isNumber = (identifier: string): boolean => /^\d+$/.test(identifier);
