import { SEVERITIES, SEVERITY_WEIGHT } from '#core';

const WEIGHTS = SEVERITIES.map((severity) => `${severity} ${SEVERITY_WEIGHT[severity]}`).join(', ');

/** The hygiene score in words, as every file says it. The weights are the core's own. */
export const SCORE_FORMULA =
  'score = 100 × (1 − sum over the faulty tags of the weight of their worst severity ÷ number of tags), never below 0. ' +
  `Weights: ${WEIGHTS}. A required key that is missing counts as a tag; suppressed findings do not count.`;

/** One decimal, rounded down: a score with a fault in it never reads 100. */
export function scoreText(score: number): string {
  const ROUNDING_NOISE = 1e-9;
  return (Math.floor(score * 10 + ROUNDING_NOISE) / 10).toFixed(1);
}
