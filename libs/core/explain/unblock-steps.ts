import type { ExplainablePolicy } from '../policy/policy.js';
import type { ExplainedBlocker, ExplanationContext, Subjects, UnblockStep } from './explanation.js';
import { holdersOf } from './holders.js';
import { PLATFORM_WORDS } from './platforms/catalog.js';
import { quote } from '../rules/quote.js';

/** More names than a person would remove by hand. */
const MOST_STEPS = 50;

interface Known {
  readonly policy: ExplainablePolicy;
  readonly subjects: Subjects;
  readonly blockers: readonly ExplainedBlocker[];
  readonly context: ExplanationContext;
}

/** Lifts what protects the names, then removes them, then what they pointed at when that is what was asked about. */
export function stepsOf({ policy, subjects, blockers, context }: Known): readonly UnblockStep[] {
  const isHopeless = blockers.some(({ code, hard }) => hard && code !== 'PROTECTED' && !(code in USES));
  const unknown = subjects.name === null ? ['DELETE_UNKNOWN', 'CONTENT_UNKNOWN'] : ['DELETE_UNKNOWN'];
  if (isHopeless || blockers.some(({ code }) => unknown.includes(code))) return [];
  const words = PLATFORM_WORDS[context.platform];
  const names = [...indexNames(subjects), ...subjects.names];
  const lifts = names.flatMap((name) =>
    policy.protectors(subjects.resource, name, context).map(({ reference }) => lift(reference, name)),
  );
  const uses = blockers.flatMap(({ code, message }) => use(code, message));
  const removals = names.map((name) => words.removeTag(subjects.resource, name, context));
  const content = subjects.name === null ? words.removeContent(subjects, context) : null;
  const steps = [...once(lifts), ...uses, ...removals, ...(content === null ? [] : [content])];
  return steps.length > MOST_STEPS ? [] : steps;
}

/** Content goes after the indexes that list it. */
function indexNames({ resource, name, digest, names }: Subjects): readonly string[] {
  if (name !== null || digest === null) return [];
  const { indexes } = holdersOf(resource, digest, names);
  return indexes.filter((index) => resource.tags.find((tag) => tag.name === index) !== undefined);
}

/** One for each protector, whatever it protects. */
const once = (lifts: readonly UnblockStep[]): readonly UnblockStep[] => [
  ...new Map(lifts.map((step) => [step.subject, step])).values(),
];

const lift = (reference: string, name: string): UnblockStep => ({
  action: 'lift-protection',
  subject: reference,
  destroys: `nothing; every rule may have its way with ${quote(name)} and all else that it covers`,
  command: null,
});

const USES: Readonly<Record<string, Pick<UnblockStep, 'action' | 'destroys'>>> = {
  IN_USE: { action: 'remove-containers', destroys: 'what the containers wrote outside their volumes' },
  HAS_CHILDREN: { action: 'remove-children', destroys: 'the images that are built on this one' },
};

function use(code: string, subject: string): UnblockStep[] {
  const known = USES[code];
  return known === undefined ? [] : [{ ...known, subject, command: null }];
}
