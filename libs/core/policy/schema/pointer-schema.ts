import { z } from 'zod';
import { fields, flag, moment, text, wholeNumber } from './fields.js';
import { writtenAs } from './written-form.js';

/** Of one resource, in a case of a pack or in a proposal. */
export const MAX_POINTERS = 2_000;

const digest = text(512);
/** A pointer with what is known of it; what is left out is not known. Everything is text, as a document has it. */
const pointerWithFacts = fields('a tag', {
  name: text(512),
  digest: digest.optional(),
  created: moment().optional(),
  pushed: moment().optional(),
  tagPushed: moment().optional(),
  pulled: moment().optional(),
  firstSeen: moment().optional(),
  peeled: digest.optional(),
  annotated: flag().optional(),
  signed: flag().optional(),
  tagger: text(512).optional(),
  message: text(4_096).optional(),
  was: digest.optional(),
  cameBack: flag().optional(),
  elsewhere: z.record(text(200), digest).optional(),
  children: z.array(digest).max(1_000).optional(),
  subject: digest.optional(),
  bytes: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  layers: wholeNumber(0, 10_000).optional(),
});
/** A name alone, or with facts. */
export const pointer = writtenAs(
  z.unknown().transform((written, context) => {
    if (typeof written === 'string' && written !== '' && written.length <= 512) return written;
    const read = pointerWithFacts.safeParse(written);
    if (read.success) return read.data;
    if (typeof written !== 'object' || written === null) {
      context.addIssue({
        code: 'custom',
        message: 'expected a name, or a mapping with `name` and facts (digest, created…)',
      });
      return z.NEVER;
    }
    for (const issue of read.error.issues)
      context.issues.push({ ...issue, input: written } as z.core.$ZodRawIssue);
    return z.NEVER;
  }),
  { json: (_own, of) => ({ anyOf: [of(text(512)), of(pointerWithFacts)] }) },
);
export type WrittenPointer = z.output<typeof pointer>;
