import type { ScannedRule } from '#application';
import type { Severity } from '#core';
import type { ReportingDescriptor, Result } from 'sarif';
import { messageText } from './sarif-text.js';

/** How SARIF says a severity. */
export const LEVELS = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
} as const satisfies Record<Severity, NonNullable<Result['level']>>;

/** GitHub's own severities come from a score from 0 to 10: over 9 critical, over 7 high, over 4 medium, else low. */
const SECURITY_SEVERITY = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
} as const satisfies Record<Severity, string>;

export function descriptorOf({ id, rulePack, version, summary }: ScannedRule): ReportingDescriptor {
  const title = messageText(summary?.title ?? id);
  const pack = version === null ? rulePack : `${rulePack}, version ${version}`;
  const kind = summary === null ? 'It' : `A rule of the kind ${summary.kind}: it`;
  const fix = summary?.fixable === true ? ' Tagward knows a fix.' : '';
  const help = `${title}\n\n${kind} is ${messageText(id)} of the rule pack ${messageText(pack)}.${fix}`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: help },
    ...(summary === null ? {} : { defaultConfiguration: { level: LEVELS[summary.severity] } }),
    properties: {
      tags: ['tag-hygiene', ...(summary === null ? [] : [summary.kind, ...summary.platforms])],
      ...(summary === null
        ? {}
        : { severity: summary.severity, 'security-severity': SECURITY_SEVERITY[summary.severity] }),
    },
  };
}
