import { z } from 'zod';

import { capture } from '../../policy/schema/capture-schema.js';
import { fields, flag, wholeNumber } from '../../policy/schema/fields.js';
import { matchers } from '../../policy/schema/matcher-schema.js';
import { writtenAs } from '../../policy/schema/written-form.js';
import type { Expiry } from '../../retention/retention.js';
import { age, ageOf } from '../age.js';
import { keep } from './keep-schema.js';

const expire = fields('"expire"', { olderThan: age(), ageOf: ageOf().optional() }).transform(
  ({ olderThan, ageOf: of }): Expiry => ({ olderThan, ageOf: of ?? 'created' }),
);

/** How names are put into groups. */
export type GroupBy = 'major' | 'minor' | { readonly re2: string };

const groupBy = writtenAs(
  z.unknown().transform((written, context): GroupBy => {
    if (written === 'major' || written === 'minor') return written;
    if (typeof written !== 'object' || written === null) {
      const message = 'expected major, minor, or { re2: "(?P<group>…)…" }';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    const read = capture('group').safeParse(written);
    if (read.success) return { re2: read.data };
    for (const issue of read.error.issues)
      context.issues.push({ ...issue, input: written } as z.core.$ZodRawIssue);
    return z.NEVER;
  }),
  { json: (_own, of) => ({ anyOf: [{ enum: ['major', 'minor'] }, of(capture('group'))] }) },
);

const MAX_ITEMS = 1_000_000;

export const retentionParams = {
  unit: z.enum(['tag', 'manifest']).optional(),
  tags: matchers().optional(),
  untagged: z.enum(['exclude', 'include', 'only']).optional(),
  priority: wholeNumber(0, MAX_ITEMS).optional(),
  claims: flag().optional(),
  keep: keep().optional(),
  expire: expire.optional(),
  floor: wholeNumber(0, MAX_ITEMS).optional(),
  groupBy: groupBy.optional(),
};

/** `purge` removes names as `untag` does, and manifests without a name too. */
export const retentionFixes = {
  untag: fields('this fix', {}),
  purge: fields('this fix', {}),
};

export type RetentionParams = z.output<z.ZodObject<typeof retentionParams>>;
export type RetentionFix = { readonly name: keyof typeof retentionFixes } | null;
