import type { Fault, Pause, ResourceJudge, Subject, Verdict } from '../judge.js';
import { lookAlikes, type LookAlikes } from '../look-alikes.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

export const nameCollision = defineKind({
  name: 'name-collision',
  judges: 'pointer',
  finds: 'names of one repository that are the same once case and separators are folded',
  params: {},
  fixes: {},
  title: () => 'Names of one repository that differ only in case or separators',
  compile(_rule, { judges }): ResourceJudge {
    return {
      level: 'resource',
      *judge(subject): Generator<Verdict | Pause, void, undefined> {
        for (const group of yield* lookAlikes(subject, judges)) yield* collide(group, subject);
      },
    };
  },
});

/** Names that evidence lists; a hostile repository may have thousands that fold to one. */
const MOST_NAMED = 20;

/** One fault for every name beyond the plainest. */
function collide({ names }: LookAlikes, subject: Subject): Fault[] {
  const [plainest = '', ...others] = names;
  const group = { names: names.slice(0, MOST_NAMED), count: names.length, canonical: plainest };
  return others.map((name) => ({
    tag: name,
    value: null,
    message: `The name ${quote(name)} differs from ${quote(plainest)} only in case or separators.`,
    repair: null,
    evidence: { ...group, digest: subject.tag(name)?.digest ?? null },
  }));
}
