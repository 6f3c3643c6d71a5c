import { fields } from '../../policy/schema/fields.js';
import { age, describeAge } from '../age.js';
import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const unusedImage = defineKind({
  name: 'unused-image',
  judges: 'pointer',
  finds: 'docker: images that no container, in any state, has used for an age',
  params: { olderThan: age() },
  fixes: { untag: fields('this fix', {}) },
  title: ({ params }) => `Images that no container has used for ${describeAge(params.olderThan)}`,
  compile: () => unknownFact('which images containers use'),
});
