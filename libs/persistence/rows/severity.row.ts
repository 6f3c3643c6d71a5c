import { SEVERITIES, type Severity } from '#core';

/** How findings store severity: 0 is the most severe, so that ascending keys read most severe first. */
export function urgencyOf(severity: Severity): number {
  return SEVERITIES.length - 1 - SEVERITIES.indexOf(severity);
}

export function severityOf(urgency: number): Severity {
  const severity = SEVERITIES[SEVERITIES.length - 1 - urgency];
  if (severity === undefined) throw new RangeError(`no severity has the urgency ${urgency}`);
  return severity;
}
