import { defineKind } from '../rule-kind.js';
import { unknownFact } from '../unknown-fact.js';

export const brokenIndex = defineKind({
  name: 'broken-index',
  judges: 'pointer',
  finds: 'registry: indexes that name manifests which are not there',
  params: {},
  fixes: {},
  title: () => 'Indexes that name manifests which are not there',
  compile: () => unknownFact('which manifests of an index are there'),
});
