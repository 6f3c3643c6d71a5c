import type { Version } from './version.js';

const END_OF_NUMBERS = '\u0001';
const END_OF_PRERELEASE = '\u0002';
const NUMBER = '\u0003';
const WORD = '\u0004';
const RELEASE = '\uffff';
/** Longer numbers are larger ones: their length comes first. */
const LENGTHS_FROM = 0x100;

/** A text for each version, whose order by code units is the order of `compareVersions`: equal versions have equal texts. */
export function versionKey({ numbers, prerelease }: Version): string {
  let end = numbers.length;
  // Numbers that are missing count as 0.
  while (end > 0 && numbers[end - 1] === 0) end -= 1;
  const head = numbers.slice(0, end).map((number) => counted(String(number)));
  const tail =
    prerelease.length === 0 ? RELEASE : `${prerelease.map(identifierKey).join('')}${END_OF_PRERELEASE}`;
  return `${head.join('')}${END_OF_NUMBERS}${tail}`;
}

const counted = (digits: string): string => `${String.fromCharCode(LENGTHS_FROM + digits.length)}${digits}`;

/** Numbers before words. */
function identifierKey(identifier: string | number): string {
  const text = String(identifier);
  return /^\d+$/.test(text) ? `${NUMBER}${counted(text)}` : `${WORD}${text}\u0000`;
}
