import type { Candidate } from './retention.js';

/** Candidates by number: an array, or a list that makes each as it is asked for. */
export interface Candidates {
  readonly length: number;
  at(index: number): Candidate | undefined;
}

/** @param index of one that is there */
export function candidateAt(candidates: Candidates, index: number): Candidate {
  const candidate = candidates.at(index);
  if (candidate === undefined) throw new RangeError(`there is no candidate ${index} of ${candidates.length}`);
  return candidate;
}
