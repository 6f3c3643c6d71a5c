import type { DetectedFinding } from '../model/finding.js';
import type { Decision, ExplainedBlocker } from './explanation.js';
import { isAboutAll, wishOf, type Heard } from './verdicts.js';

const STRONGEST: readonly Decision[] = ['PURGE', 'UNTAG', 'FIX'];

/** What would come of it now. A protector beats every rule; a fix that is held changes nothing; what is not known keeps. */
export function outcomeOf(
  heard: Heard,
  blockers: readonly ExplainedBlocker[],
): { readonly decision: Decision; readonly reason: string } {
  const guard = blockers.find(({ code }) => code === 'RESERVED' || code === 'PROTECTED');
  if (guard !== undefined) return { decision: 'KEEP', reason: guard.message };
  const findings = heard.findings.filter((finding) => !isAboutAll(finding));
  const change = strongest(findings.filter(({ changes }) => changes.length > 0));
  if (change !== null) return { decision: wishOf(change), reason: change.suggestion ?? change.message };
  const reported = findings.find(({ fixable }) => !fixable);
  if (reported !== undefined) return { decision: 'FIX', reason: `${reported.message} No rule changes it.` };
  const [held] = findings;
  if (held !== undefined)
    return { decision: 'KEEP', reason: 'A fix is there, and is held; the blockers say why.' };
  if (heard.unjudged.length > 0)
    return { decision: 'UNKNOWN', reason: 'Kept: rules lack facts to judge it by.' };
  return { decision: 'KEEP', reason: 'No rule finds anything wrong with it.' };
}

function strongest(findings: readonly DetectedFinding[]): DetectedFinding | null {
  for (const decision of STRONGEST) {
    const found = findings.find((finding) => wishOf(finding) === decision);
    if (found !== undefined) return found;
  }
  return null;
}
