import type { Captured } from '../../matchers/capture.js';

/** A name with places for named groups: `v${version}`. */
export interface NameTemplate {
  /** Groups that it names. */
  readonly groups: readonly string[];
  /** The name; a group that took no part in the match is nothing. */
  fill(held: ReadonlyMap<string, Captured>): string;
}

const PLACE = /\$\{([^{}]*)\}/g;

/** null when a `${` is not closed. */
export function readTemplate(text: string): NameTemplate | null {
  if (text.replace(PLACE, '').includes('${')) return null;
  return {
    groups: [...text.matchAll(PLACE)].map(([, group = '']) => group),
    fill: (held) => text.replace(PLACE, (_place, group: string) => held.get(group)?.text ?? ''),
  };
}
