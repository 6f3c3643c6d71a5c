import { byCodeUnit } from '../../matchers/ascii-case.js';
import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

/** That evidence lists. */
const MOST_DIGESTS = 20;

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
        const digests = [...new Set(others.map((other) => other.digest))].sort(byCodeUnit);
        const where = others.length === 1 ? 'another target' : `${others.length} other targets`;
        return {
          tag: name,
          value: null,
          // Which ones is not said: whoever may see this target need not know of the others.
          message: `The name ${quote(name)} points at another object in ${where}.`,
          repair: null,
          evidence: { digest, elsewhere: digests.slice(0, MOST_DIGESTS), targets: others.length },
        };
      },
    };
  },
});
