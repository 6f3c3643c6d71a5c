import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

export const unsignedTag = defineKind({
  name: 'unsigned-tag',
  judges: 'pointer',
  finds: 'git: tags without a signature; whose signature it is nobody checks',
  params: {},
  fixes: {},
  title: () => 'Tags that are not signed',
  needs: () => ['annotated', 'signed'],
  compile(): TagJudge<true> {
    return {
      level: 'tag',
      names: 'all',
      look: () => true,
      judge({ name, digest, pointer }) {
        // Only a tag object can carry a signature.
        const isLightweight = pointer?.annotated === false;
        const signed = isLightweight ? false : pointer?.signed;
        if (signed === undefined) return { needs: 'whether tags are signed' };
        if (signed) return null;
        const why = isLightweight ? ': it is not annotated, so it can carry no signature' : '';
        const message = `The tag ${quote(name)} is not signed${why}.`;
        return { tag: name, value: null, message, repair: null, evidence: { digest } };
      },
    };
  },
});
