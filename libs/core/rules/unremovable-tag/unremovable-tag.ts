import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const unremovableTag = defineKind({
  name: 'unremovable-tag',
  judges: 'pointer',
  finds: 'docker: tags that cannot be removed, with every reason',
  params: {},
  fixes: {},
  title: () => 'Tags that cannot be removed',
  compile: () => unknownFact('what stands in the way of removing tags'),
});
