import { describe, expect, it } from 'vitest';
import { pointed, pointerContext } from '../../testing/pointer-builders.js';
import { packOf, policyOf } from '../../testing/policy-builders.js';

describe('kinds that wait for a fact that nobody gives yet', () => {
  it.each([
    [{ kind: 'unreachable-tag' }, 'which commits are on a branch'],
    [{ kind: 'untagged-manifest', olderThan: '7d', fix: 'purge' }, 'which manifests nothing holds'],
    [{ kind: 'orphan-signature', fix: 'untag' }, 'what signatures are about'],
    [{ kind: 'broken-index' }, 'which manifests of an index are there'],
    [{ kind: 'dangling-image', fix: 'purge' }, 'which images have no tag and no container'],
    [{ kind: 'unremovable-tag' }, 'what stands in the way of removing tags'],
    [{ kind: 'unused-image', olderThan: '30d', fix: 'untag' }, 'which images containers use'],
    [{ kind: 'missing-attestation', needs: ['signature', 'sbom'] }, 'what is attested of images'],
  ])('%j is not evaluated, on any resource, and reads nothing', (rule, needs) => {
    const policy = policyOf(packOf({ pack: 'p', rules: [{ id: 'r', ...rule }] }));
    const { findings, notEvaluated } = policy.evaluate(
      [pointed('a', ['v1', 'v2']), pointed('b', [])],
      pointerContext('docker'),
    );
    expect(findings).toEqual([]);
    expect(notEvaluated).toEqual([{ rulePack: 'p', ruleId: 'r', needs, resources: 2 }]);
    expect([...policy.factsFor({ platform: 'docker', target: 't' })]).toEqual([]);
  });
});
