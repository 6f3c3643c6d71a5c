import { z } from 'zod';
import { PLATFORMS } from '../../model/platform.js';
import type { Vocabulary } from '../../rules/rule.js';
import { fields, flag, labelValue, listOf, moment, text } from './fields.js';
import { MAX_OWNERS, owner } from './owner-schema.js';
import { MAX_POINTERS, pointer } from './pointer-schema.js';
import { selector } from './selector-schema.js';
import { writtenAs } from './written-form.js';

export const PACK_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** The name under which the service itself reports. */
export const OWN_NAME = 'tagward';

export const MAX_RULES = 500;
const MAX_TESTS = 500;

const packName = text(63)
  .regex(PACK_NAME, {
    error: 'a pack name is 1 to 63 lowercase letters, digits and dashes, and starts with a letter or digit',
  })
  .refine((name) => name !== OWN_NAME, {
    error: `"${OWN_NAME}" is the name the service reports under; choose another`,
  });

const keys = z.array(text(128)).max(2_000);
export const vocabularySchema = fields('the vocabulary', {
  keys: keys.optional(),
  values: z.record(text(128), z.array(labelValue()).min(1).max(2_000)).optional(),
})
  .optional()
  .transform((written): Vocabulary => ({
    keys: new Set(written?.keys ?? []),
    values: new Map(Object.entries(written?.values ?? {})),
  }));

const facts = writtenAs(z.record(z.string(), z.json()), { type: 'object' });
const given = fields('"given"', {
  platform: z.enum(PLATFORMS),
  target: text(200).optional(),
  scope: text(500).optional(),
  resource: text(500).optional(),
  resourceType: text(100).optional(),
  facts: facts.optional(),
  tags: z
    .union([z.record(text(512), labelValue()), z.array(pointer).max(MAX_POINTERS)], {
      error: 'expected a mapping of keys to values, or a list of names',
    })
    .optional(),
});

const expected = fields('an expected finding', {
  rule: text(200),
  tag: z.string().max(512).optional(),
  blocked: flag().optional(),
});

const testCase = fields('a test case', {
  now: moment().optional(),
  given,
  only: listOf(text(63)).optional(),
  expect: z.array(expected).max(2_000).optional(),
  after: z.record(text(512), z.string().max(512)).optional(),
  notEvaluated: z.array(text(63)).max(MAX_RULES).optional(),
});
export type WrittenTest = z.output<typeof testCase>;

/** Everything of a pack but what only a kind can read: `rules` are parsed one by one. */
export const packSchema = fields('a rule pack', {
  pack: packName,
  description: z.string().max(10_000).optional(),
  vocabulary: vocabularySchema,
  report: fields('"report"', {
    ownerTag: text(128).optional(),
    owners: z.array(owner()).max(MAX_OWNERS).optional(),
  }).optional(),
  protect: z.array(selector()).max(MAX_RULES).optional(),
  unprotect: z.array(selector()).max(MAX_RULES).optional(),
  rules: z.array(z.unknown()).max(MAX_RULES),
  tests: z.array(testCase).max(MAX_TESTS).optional(),
});
export type WrittenPack = z.output<typeof packSchema>;
