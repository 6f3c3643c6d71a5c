import { z } from 'zod';
import { patternFault } from '../../matchers/compile-pattern.js';
import { MATCHER_TYPES, exact, type Matcher } from '../../matchers/matcher.js';
import { fields, listOf } from './fields.js';
import { writtenAs, type JsonSchema } from './written-form.js';

type WrittenMatcher = Partial<Record<Matcher['type'], string | undefined>>;

const shape = {
  exact: z.string().optional(),
  prefix: z.string().optional(),
  glob: z.string().optional(),
  re2: z.string().optional(),
};

/** One of `{ exact }`, `{ prefix }`, `{ glob }`, `{ re2 }`, plus the fields that a kind adds to it. */
export function matcherWith<S extends z.ZodRawShape>(noun: string, more: S) {
  const schema = fields(noun, { ...shape, ...more }).transform((written, context) => {
    const matcher = readMatcher(written as WrittenMatcher, context);
    return matcher === null ? z.NEVER : { ...(written as z.output<z.ZodObject<S>>), matcher };
  });
  return writtenAs(schema, { json: oneType });
}

/** Exactly one of them is there. */
const oneType = (own: JsonSchema): JsonSchema => ({
  ...own,
  oneOf: MATCHER_TYPES.map((type) => ({ required: [type] })),
});

export const matcher = () =>
  writtenAs(
    fields('a matcher', shape).transform(
      (written, context): Matcher => readMatcher(written, context) ?? z.NEVER,
    ),
    { name: 'matcher', json: oneType },
  );

export const matchers = () => listOf(matcher(), 500);

/** A plain name (the same as `exact`) or a matcher. */
export const nameOrMatcher = () => textOrMatcher((name) => exact(name));

/** A plain glob, which a name without its signs is, too, or a matcher. */
export const globOrMatcher = () =>
  textOrMatcher((name, context) => {
    const read: Matcher = GLOB_SIGNS.test(name) ? { type: 'glob', text: name } : exact(name);
    const fault = patternFault(read);
    if (fault === null) return read;
    context.addIssue({ code: 'custom', message: fault });
    return z.NEVER;
  });

const GLOB_SIGNS = /[*?[\]{}\\]/;

const textOrMatcher = (readText: (text: string, context: z.RefinementCtx) => Matcher) =>
  writtenAs(
    z.unknown().transform((written, context): Matcher => {
      if (typeof written === 'string' && written !== '') return readText(written, context);
      const read = matcher().safeParse(written);
      if (read.success) return read.data;
      for (const issue of read.error.issues)
        context.issues.push({ ...issue, input: written } as z.core.$ZodRawIssue);
      return z.NEVER;
    }),
    { json: (_own, of) => ({ anyOf: [of(z.string().min(1)), of(matcher())] }) },
  );

function readMatcher(written: WrittenMatcher, context: z.RefinementCtx): Matcher | null {
  const given = MATCHER_TYPES.filter((type) => written[type] !== undefined);
  const [type, second] = given;
  if (type === undefined || second !== undefined) {
    const got = type === undefined ? 'none of them' : `${given.join(' and ')}`;
    context.addIssue({
      code: 'custom',
      message: `a matcher has exactly one of exact, prefix, glob, re2; this one has ${got}`,
    });
    return null;
  }
  const read: Matcher = { type, text: written[type] ?? '' };
  const fault = patternFault(read);
  if (fault === null) return read;
  context.addIssue({ code: 'custom', message: fault, path: [type] });
  return null;
}
