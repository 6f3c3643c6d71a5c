import { fields } from '../../policy/schema/fields.js';
import { age, describeAge } from '../age.js';
import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const untaggedManifest = defineKind({
  name: 'untagged-manifest',
  judges: 'pointer',
  finds: 'registry: manifests that no tag, index or subject holds',
  params: { olderThan: age() },
  fixes: { purge: fields('this fix', {}) },
  title: ({ params }) => `Manifests that nothing holds, older than ${describeAge(params.olderThan)}`,
  compile: () => unknownFact('which manifests nothing holds'),
});
