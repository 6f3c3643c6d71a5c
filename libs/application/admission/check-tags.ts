import { judgeProposal, readProposedTags, type DetectedFinding } from '#core';
import type { OperationInput } from '../operations/catalog.js';
import type { Clock } from '../ports/services.js';
import type { AdmissionRecord, ProposedFinding } from '../records/admission.js';
import type { PolicyCache } from '../rule-packs/policy-cache.js';

/** Judges tags that nobody has set yet, by the stored rule packs; reads no inventory, stores nothing. */
export class CheckTags {
  constructor(
    private readonly policies: PolicyCache,
    private readonly clock: Clock,
  ) {}

  /** @throws HygieneError INPUT_INVALID for tags that the platform does not hold, NOT_FOUND for a pack that is not stored */
  async execute(input: OperationInput<'checkTags'>): Promise<AdmissionRecord> {
    const { platform, resource, resourceType = null, target = null, rulePacks = [] } = input;
    const isNamed = rulePacks.length > 0;
    const tags = readProposedTags(platform, input.tags);
    const { policy, packs } = await this.policies.compiled(isNamed ? rulePacks : null);
    const proposal = { platform, target, resource, resourceType, tags };
    const { findings, notEvaluated } = judgeProposal(policy, packs, proposal, this.clock.now());
    return {
      findings: findings.map(proposed),
      worst: findings[0]?.severity ?? null,
      notEvaluated,
      rulePacks: packs.map(({ name, version }) => ({ name, version })),
    };
  }
}

const proposed = (finding: DetectedFinding): ProposedFinding => ({
  ruleId: finding.ruleId,
  rulePack: finding.rulePack,
  severity: finding.severity,
  resource: finding.resource,
  tag: finding.tag,
  message: finding.message,
  suggestion: finding.suggestion,
});
