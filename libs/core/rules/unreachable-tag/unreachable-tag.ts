import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const unreachableTag = defineKind({
  name: 'unreachable-tag',
  judges: 'pointer',
  finds: 'git: tags whose commit is on no branch',
  params: {},
  fixes: {},
  title: () => 'Tags whose commit is on no branch',
  compile: () => unknownFact('which commits are on a branch'),
});
