import {
  compilePolicy,
  parseRulePack,
  type DetectedFinding,
  type EvaluationContext,
  type ExplainablePolicy,
  type Resource,
  type RulePack,
  type Tag,
} from '#core';

/** A moment and a place to judge at, for tests of rules. */
export const CONTEXT: EvaluationContext = {
  platform: 'ec2',
  target: 'prod',
  now: new Date('2026-01-01T00:00:00Z'),
};

/** A pack from its document, or from what its document would say. */
export function packOf(written: object | string): RulePack {
  const { pack, diagnostics } = parseRulePack(
    typeof written === 'string' ? written : JSON.stringify(written),
  );
  if (pack === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return pack;
}

/** These packs run, and they are all there are. */
export const policyOf = (...packs: readonly RulePack[]): ExplainablePolicy =>
  compilePolicy(
    packs.map((pack) => ({ name: pack.name, version: 1, pack })),
    packs,
  );

export function labelled(
  resource: string,
  labels: Readonly<Record<string, string>>,
  more: Partial<Resource> = {},
): Resource {
  const tags = Object.entries(labels).map(([name, value]): Tag => {
    return { name, value, digest: null, createdAt: null };
  });
  const base = {
    scope: '1/eu-west-1',
    resourceType: 'instance',
    createdAt: null,
    managedBy: null,
    facts: {},
  };
  return { ...base, resource, tags, ...more };
}

export const labelsOf = ({ tags }: Resource): Map<string, string> =>
  new Map(tags.map(({ name, value }) => [name, value ?? '']));

/** What one pack finds on one instance. */
export const judge = (
  pack: RulePack,
  labels: Readonly<Record<string, string>>,
  more: Partial<Resource> = {},
): readonly DetectedFinding[] => policyOf(pack).evaluate([labelled('i-1', labels, more)], CONTEXT).findings;
