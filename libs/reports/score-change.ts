import { scoreText } from './score-formula.js';

/** A score as pages show it: one decimal, rounded down. */
export function shownScore(score: number): number {
  return Number(scoreText(score));
}

/** How far the shown score moved, in tenths; null when one of the two is unknown. */
export function scoreChange(score: number | null, before: number | null): number | null {
  if (score === null || before === null) return null;
  return Math.round((shownScore(score) - shownScore(before)) * 10) / 10;
}
