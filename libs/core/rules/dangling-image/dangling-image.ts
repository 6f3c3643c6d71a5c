import { fields } from '../../policy/schema/fields.js';
import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const danglingImage = defineKind({
  name: 'dangling-image',
  judges: 'pointer',
  finds: 'docker: images that no tag is left of and no container needs',
  params: {},
  fixes: { purge: fields('this fix', {}) },
  title: () => 'Images without a tag',
  compile: () => unknownFact('which images have no tag and no container'),
});
