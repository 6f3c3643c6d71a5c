import type { TagJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

/** Targets that evidence lists. */
const MOST_NAMED = 20;

export const divergentTag = defineKind({
  name: 'divergent-tag',
  judges: 'pointer',
  finds: 'one name of one repository that points at different objects in different targets',
  params: {},
  fixes: {},
  title: () => 'Names that point elsewhere in another target',
  needs: () => ['elsewhere'],
  compile(): TagJudge<true> {
    return {
      level: 'tag',
      names: 'all',
      look: () => true,
      judge({ name, digest, pointer }) {
        if (digest === null) return { needs: 'where names point' };
        if (pointer?.elsewhere === undefined) return { needs: 'where names point in other targets' };
        const others = pointer.elsewhere.filter((other) => other.digest !== digest);
        if (others.length === 0) return null;
        const targets = others.map(({ target }) => quote(target)).sort();
        return {
          tag: name,
          value: null,
          message: `The name ${quote(name)} points at another object in ${listWords(targets)}.`,
          repair: null,
          evidence: {
            digest,
            elsewhere: others.slice(0, MOST_NAMED).map((other) => ({ ...other })),
            targets: targets.length,
          },
        };
      },
    };
  },
});
