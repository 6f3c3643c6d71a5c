import { compileCapture, groupNames } from '../../matchers/capture.js';
import { anyOf } from '../../matchers/matcher-set.js';
import { describeMatcher, type Matcher } from '../../matchers/matcher.js';
import type { Tag } from '../../model/resource.js';
import { capture } from '../../policy/schema/capture-schema.js';
import { fields, text } from '../../policy/schema/fields.js';
import { matcher, matchers } from '../../policy/schema/matcher-schema.js';
import { aliasName } from '../alias-name.js';
import type { Fault, Repair, Subject, TagJudge } from '../judge.js';
import { isLegalName } from '../legal-name.js';
import { listWords, quote } from '../quote.js';
import type { Fix } from '../rule.js';
import { defineKind, type RuleFault } from '../rule-kind.js';
import { untagName } from '../untag-name.js';
import { readTemplate } from './name-template.js';

interface Patterns {
  readonly must?: Matcher | undefined;
  readonly mustNot?: Matcher | undefined;
  readonly except?: readonly Matcher[] | undefined;
}
type AliasFix = Fix<'alias', { readonly from: string; readonly to: string }>;

/** What a wrong name says to the rule. */
interface Seen {
  readonly broken: 'must' | 'mustNot';
  /** The right name; null when the fix makes none of it. */
  readonly right: string | null;
}

export const namePattern = defineKind({
  name: 'name-pattern',
  judges: 'pointer',
  finds: 'names that must match and do not, or must not and do',
  params: {
    must: matcher().optional(),
    mustNot: matcher().optional(),
    except: matchers().optional(),
  },
  fixes: {
    untag: fields('this fix', {}),
    alias: fields('this fix', { from: capture(), to: text(512) }),
  },
  title: ({ params }) => titleOf(params),
  check: ({ params, fix }) => [
    ...patternFaults(params),
    ...(fix?.name === 'alias' ? templateFaults(fix.params) : []),
  ],
  needs: ({ fix }) => (fix?.name === 'alias' ? ['annotated'] : []),
  compile({ params, fix }): TagJudge<Seen> {
    const brokenBy = brokenPattern(params);
    const isExcepted = anyOf(params.except ?? []);
    const rightFor = fix?.name === 'alias' ? aliasesOf(fix, (name) => brokenBy(name) === null) : () => null;
    const { must, mustNot } = params;
    return {
      level: 'tag',
      // Where nothing is a must, only names that must not be concern the rule.
      names: must === undefined && mustNot !== undefined ? [mustNot] : 'all',
      look(name) {
        const broken = brokenBy(name);
        return broken === null || isExcepted(name) ? null : { broken, right: rightFor(name) };
      },
      judge(tag, { broken, right }, subject) {
        const repair = repairOf(tag, right, fix, subject);
        return repair === 'there' ? null : fault(tag, broken, params, repair);
      },
    };
  },
});

/** Which of the two patterns a name breaks, exceptions aside. */
function brokenPattern({ must, mustNot }: Patterns): (name: string) => Seen['broken'] | null {
  const isRight = must === undefined ? () => true : anyOf([must]);
  const isWrong = mustNot === undefined ? () => false : anyOf([mustNot]);
  return (name) => (isRight(name) ? (isWrong(name) ? 'mustNot' : null) : 'must');
}

/** The right name for a wrong one: made by the template, and itself good for the rule. */
function aliasesOf({ params }: AliasFix, isGood: (name: string) => boolean): (name: string) => string | null {
  const read = compileCapture(params.from);
  const template = readTemplate(params.to);
  return (name) => {
    const held = read(name);
    const right = held === null ? null : (template?.fill(held) ?? null);
    return right !== null && isGood(right) ? right : null;
  };
}

function repairOf(
  tag: Tag,
  right: string | null,
  fix: Fix | null,
  subject: Subject,
): Repair | null | 'there' {
  if (fix?.name === 'untag') return untagName(tag);
  if (right === null || !isLegalName(subject.platform, right)) return null;
  const alias = aliasName(tag, right, subject);
  return alias.there ? 'there' : alias.repair;
}

function fault(tag: Tag, broken: Seen['broken'], patterns: Patterns, repair: Repair | null): Fault {
  const pattern = patterns[broken];
  const written = pattern === undefined ? '' : describeMatcher(pattern);
  const message =
    broken === 'must'
      ? `The name ${quote(tag.name)} does not match ${written}, which names must.`
      : `The name ${quote(tag.name)} matches ${written}, which names must not.`;
  return { tag: tag.name, value: null, message, repair, evidence: { digest: tag.digest, [broken]: written } };
}

function patternFaults({ must, mustNot }: Patterns): RuleFault[] {
  if (must !== undefined || mustNot !== undefined) return [];
  const message =
    'This rule says neither what names must match nor what they must not; give `must` or `mustNot`.';
  return [{ path: [], message, severity: 'critical' }];
}

function templateFaults({ from, to }: AliasFix['params']): RuleFault[] {
  const critical = (message: string): RuleFault[] => [
    { path: ['fix', 'alias', 'to'], message, severity: 'critical' },
  ];
  const template = readTemplate(to);
  if (template === null) return critical('A "${" of this name is not closed; write it as ${group}.');
  const known = groupNames(from);
  const unknown = template.groups.filter((group) => !known.includes(group));
  if (unknown.length === 0) return [];
  const has = known.length === 0 ? 'no named groups' : `the groups ${listWords(known)}`;
  return critical(`\`from\` has no group ${listWords(unknown.map(quote))}; it has ${has}.`);
}

function titleOf({ must, mustNot }: Patterns): string {
  const parts = [
    ...(must === undefined ? [] : [`do not match ${pattern(must)}`]),
    ...(mustNot === undefined ? [] : [`match ${pattern(mustNot)}`]),
  ];
  return `Names that ${parts.join(', or ')}`;
}

const pattern = ({ type, text: written }: Matcher): string => (type === 'prefix' ? `${written}…` : written);
