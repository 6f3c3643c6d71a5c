/** Least first: the index is the rank. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What one faulty tag costs the hygiene score: `score = 100 * (1 - sum of the worst weight per faulty tag / tags)`. */
export const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 0.1,
  medium: 0.3,
  high: 0.7,
  critical: 1,
};
