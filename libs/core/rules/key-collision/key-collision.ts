import { z } from 'zod';
import { byCodeUnit, foldSeparators } from '../../matchers/ascii-case.js';
import { fields } from '../../policy/schema/fields.js';
import type { Fault, Pause, Repair, ResourceJudge, Subject, Verdict } from '../judge.js';
import { KEY_STYLES, inStyle, type KeyStyle } from '../key-styles.js';
import { lookAlikes } from '../look-alikes.js';
import { listWords, quote } from '../quote.js';
import { renameKey } from '../rename-key.js';
import { defineKind } from '../rule-kind.js';

const INTO = ['vocabulary', ...KEY_STYLES] as const;
type Into = (typeof INTO)[number];

export const keyCollision = defineKind({
  name: 'key-collision',
  judges: 'label',
  finds: 'keys of one resource that are the same once case and separators are folded',
  params: {},
  fixes: { merge: fields('this fix', { into: z.enum(INTO) }) },
  title: () => 'Keys of one resource that differ only in case or separators',
  compile({ fix }, { vocabulary, judges }): ResourceJudge {
    const words = new Map([...vocabulary.keys].map((key) => [foldSeparators(key), key]));
    const into = fix?.params.into ?? null;
    return {
      level: 'resource',
      *judge(subject): Generator<Verdict | Pause, void, undefined> {
        for (const { folded, names } of yield* lookAlikes(subject, judges))
          yield* collide({ names, subject, into, word: words.get(folded) ?? null });
      },
    };
  },
});

interface Collision {
  /** The plainest first. */
  readonly names: readonly string[];
  readonly subject: Subject;
  readonly into: Into | null;
  /** The word of the vocabulary that the keys stand for. */
  readonly word: string | null;
}

function collide(collision: Collision): Fault[] {
  const { names, subject } = collision;
  const survivor = survivorOf(collision);
  const right = survivor ?? collision.word ?? names[0] ?? '';
  const wrong = names.filter((name) => name !== right);
  return wrong.map((name) => {
    const others = listWords(names.filter((other) => other !== name).map(quote));
    return {
      tag: name,
      value: subject.value(name) ?? null,
      message: `The key ${quote(name)} differs from ${others} only in case or separators.`,
      repair: repair(name, wrong, survivor, collision),
      evidence: { keys: [...names].sort(byCodeUnit), canonical: right },
    };
  });
}

/** The key to merge into; null when the fix does not say, or the vocabulary has no word for it. */
function survivorOf({ into, word, names }: Collision): string | null {
  if (into === null) return null;
  return into === 'vocabulary' ? word : inStyle(names[0] ?? '', into satisfies KeyStyle);
}

function repair(
  name: string,
  wrong: readonly string[],
  survivor: string | null,
  { subject }: Collision,
): Repair | null {
  if (survivor === null) return null;
  const values = new Set(wrong.map((key) => subject.value(key)));
  if (subject.value(survivor) === undefined && values.size > 1) {
    const others = wrong.filter((other) => other !== name);
    return {
      suggestion: `Decide which value ${quote(survivor)} is to have, then remove ${listWords(wrong.map(quote))}.`,
      blocker: {
        code: 'VALUE_CONFLICT',
        message: `${listWords(wrong.map(quote))} have different values; nothing is changed until they agree.`,
        references: others,
      },
    };
  }
  return renameKey(subject, { from: name, to: survivor, rivals: wrong, onConflict: 'report' });
}
