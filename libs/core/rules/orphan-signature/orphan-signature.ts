import { fields } from '../../policy/schema/fields.js';
import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const orphanSignature = defineKind({
  name: 'orphan-signature',
  judges: 'pointer',
  finds: 'registry: signatures and attestations of images that are gone',
  params: {},
  fixes: { untag: fields('this fix', {}) },
  title: () => 'Signatures of images that are gone',
  compile: () => unknownFact('what signatures are about'),
});
