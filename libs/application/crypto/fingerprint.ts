import { createHash } from 'node:crypto';
import type { DetectedFinding } from '#core';

/**
 * The identity of a fault: 32 hex digits that stay the same in every scan until the fault is gone.
 * Hashes target, scope, pack, rule, resource, tag and the kind's discriminator; never a value, version or date.
 */
export function fingerprint(targetId: string, finding: DetectedFinding): string {
  const { scope, rulePack, ruleId, resource, tag, discriminator } = finding;
  const identity = JSON.stringify([targetId, scope, rulePack, ruleId, resource, tag, discriminator]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
