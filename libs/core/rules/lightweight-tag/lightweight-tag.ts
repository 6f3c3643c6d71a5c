import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

export const lightweightTag = defineKind({
  name: 'lightweight-tag',
  judges: 'pointer',
  finds: 'git: tags that are not annotated, so that nobody knows who made them, when and why',
  params: {},
  fixes: {},
  title: () => 'Tags that are not annotated',
  needs: () => ['annotated'],
  compile(): TagJudge<true> {
    return {
      level: 'tag',
      names: 'all',
      look: () => true,
      judge({ name, digest, pointer }) {
        if (pointer?.annotated === undefined) return { needs: 'whether tags are annotated' };
        if (pointer.annotated) return null;
        const message = `The tag ${quote(name)} is not annotated: it does not say who made it, when and why.`;
        return { tag: name, value: null, message, repair: null, evidence: { digest } };
      },
    };
  },
});
