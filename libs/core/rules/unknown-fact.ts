import type { ResourceJudge } from './judge.js';

/** Judges by a fact that nobody gives yet: every resource is named as not evaluated, none as clean. */
export function unknownFact(needs: string): ResourceJudge {
  return { level: 'resource', judge: () => [{ needs }] };
}
