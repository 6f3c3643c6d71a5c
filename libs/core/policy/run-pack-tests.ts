import type { DetectedFinding } from '../model/finding.js';
import type { Resource, Tag } from '../model/resource.js';
import { quote } from '../rules/quote.js';
import { compilePolicy } from './compile-policy.js';
import { tagOf } from './given-tag.js';
import { mendTags } from './mend-tags.js';
import { PLATFORM_TAG_KIND } from './platform-tag-kind.js';
import type { Diagnostic, Evaluation, Policy } from './policy.js';
import type { ExpectedFinding, PackTest, RulePack } from './rule-pack.js';
import { CONFLICT_RULE } from './settle-findings.js';

/** A pack that still changes something after this many rounds of fixing never settles. */
const MAX_ROUNDS = 4;

/**
 * Runs a pack's own cases. Each difference is a HIGH diagnostic at the case's line that says what was expected and what came.
 * @param now the moment for cases that name none
 */
export function runPackTests(pack: RulePack, now: Date): Diagnostic[] {
  const policies = new Map<string, Policy>();
  return pack.tests.flatMap((test) => {
    const key = test.only === null ? '' : JSON.stringify([...test.only].sort());
    const policy = policies.get(key) ?? policyOf(pack, test.only);
    policies.set(key, policy);
    return runTest(policy, test, test.now ?? now);
  });
}

function policyOf(pack: RulePack, only: readonly string[] | null): Policy {
  const { name } = pack;
  return compilePolicy([{ name, version: 0, pack, ...(only === null ? {} : { only }) }], [pack]);
}

function runTest(policy: Policy, test: PackTest, now: Date): Diagnostic[] {
  const context = { platform: test.platform, target: test.target, now };
  const judge = (tags: readonly Tag[]): Evaluation => policy.evaluate([resourceOf(test, tags)], context);
  const given = test.given.map(tagOf);
  const first = judge(given);
  const messages = [
    ...findingFaults(test, first.findings),
    ...notEvaluatedFaults(test, first),
    ...afterFaults(test, { given, first, judge }),
  ];
  const { line, column, path } = test;
  return messages.map((message) => ({ message, line, column, path, severity: 'high' }));
}

function resourceOf(test: PackTest, tags: readonly Tag[]): Resource {
  return {
    scope: test.scope,
    resource: test.resource,
    resourceType: test.resourceType,
    createdAt: null,
    tags,
    managedBy: null,
    facts: test.facts,
  };
}

/** The expected list is the whole list; each finding serves one expectation. */
function findingFaults(test: PackTest, findings: readonly DetectedFinding[]): string[] {
  if (test.expect === null) return [];
  const left = [...findings];
  // Those that say most choose first, so that a loose one does not take what only a strict one could have.
  const strictFirst = [...test.expect].sort((a, b) => strictness(b) - strictness(a));
  const unmet = strictFirst.filter((expected) => {
    const at = left.findIndex((finding) => meets(finding, expected));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  if (unmet.length === 0 && left.length === 0) return [];
  const missing =
    unmet.length === 0 ? '' : ` Expected and not found: ${unmet.map(describeExpected).join('; ')}.`;
  const extra = left.length === 0 ? '' : ` Found and not expected: ${left.map(describeFinding).join('; ')}.`;
  return [`The findings of this case are not the expected ones.${missing}${extra}`];
}

const strictness = ({ tag, blocked }: ExpectedFinding): number =>
  (tag === undefined ? 0 : 1) + (blocked === undefined ? 0 : 1);

function meets(finding: DetectedFinding, { rule, tag, blocked }: ExpectedFinding): boolean {
  const named = finding.ruleId === rule || `${finding.rulePack}/${finding.ruleId}` === rule;
  return (
    named &&
    (tag === undefined || finding.tag === tag) &&
    (blocked === undefined || finding.blocked === blocked)
  );
}

const describe = (rule: string, tag: string | null | undefined, blocked: boolean | undefined): string =>
  `${rule}${tag === null || tag === undefined ? '' : ` on ${quote(tag)}`}${blocked === undefined ? '' : blocked ? ' (blocked)' : ' (not blocked)'}`;

const describeExpected = ({ rule, tag, blocked }: ExpectedFinding): string => describe(rule, tag, blocked);

function describeFinding({ rulePack, ruleId, tag, blocked }: DetectedFinding): string {
  const rule =
    ruleId === CONFLICT_RULE.ruleId && rulePack === CONFLICT_RULE.rulePack ? `${rulePack}/${ruleId}` : ruleId;
  return describe(rule, tag, blocked);
}

function notEvaluatedFaults(test: PackTest, { notEvaluated }: Evaluation): string[] {
  if (test.notEvaluated === null) return [];
  const got = [...new Set(notEvaluated.map(({ ruleId }) => ruleId))].sort();
  const expected = [...new Set(test.notEvaluated)].sort();
  if (JSON.stringify(got) === JSON.stringify(expected)) return [];
  return [`Expected not to be evaluated: ${list(expected)}. Got: ${list(got)}.`];
}

interface Round {
  readonly given: readonly Tag[];
  readonly first: Evaluation;
  readonly judge: (tags: readonly Tag[]) => Evaluation;
}

/** `after` holds once every fix of these findings is made, or once nothing is left to fix. */
function afterFaults({ after, platform }: PackTest, { given, first, judge }: Round): string[] {
  if (after === null) return [];
  const kind = PLATFORM_TAG_KIND[platform];
  let tags = mendTags(kind, given, first.findings);
  const once = describeTags(tags);
  const expected = describeAll(after);
  for (let round = 1; round < MAX_ROUNDS && describeTags(tags) !== expected; round += 1) {
    tags = mendTags(kind, tags, judge(tags).findings);
  }
  const got = describeTags(tags);
  if (got === expected) return [];
  const settled = got === once ? '' : ` (and ${got} once nothing is left to fix)`;
  return [`After the fixes expected ${expected}, got ${once}${settled}.`];
}

/** Labels with their values, names with where they point; what is not known is empty. */
const describeTags = (tags: readonly Tag[]): string =>
  describeAll(new Map(tags.map(({ name, value, digest }) => [name, value ?? digest ?? ''])));

function describeAll(tags: ReadonlyMap<string, string>): string {
  if (tags.size === 0) return 'no tags';
  const entries = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${entries.map(([name, text]) => `${quote(name)}: ${quote(text)}`).join(', ')} }`;
}

const list = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : words.join(', '));
