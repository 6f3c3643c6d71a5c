import { z } from 'zod';
import type { Matcher } from '../../matchers/matcher.js';
import { fields, listOf, wholeNumber } from '../../policy/schema/fields.js';
import { matcher, matchers } from '../../policy/schema/matcher-schema.js';
import { sharedAs, writtenAs } from '../../policy/schema/written-form.js';
import type { KeepClause } from '../../retention/retention.js';
import { AGE_OF, age, ageOf } from '../age.js';

const ORDER_BY = ['semver', 'calver', ...AGE_OF, 'name'] as const;
const MAX_NEWEST = 1_000_000;
const MAX_CLAUSES = 50;
/** How deep `any` and `all` may nest. */
const MAX_DEPTH = 4;

/** `{ any: […] }` or `{ all: […] }`. */
export const keep = () =>
  fields('"keep"', junctions(1)).transform((written, context): KeepClause => {
    const read = junction(written);
    if (read !== null) return read;
    context.addIssue({ code: 'custom', message: '"keep" has exactly one of any and all' });
    return z.NEVER;
  });

interface Junctions {
  readonly any?: KeepClause[] | undefined;
  readonly all?: KeepClause[] | undefined;
}

function junctions(depth: number) {
  const clauses = depth > MAX_DEPTH ? tooDeep : listOf(clause(depth), MAX_CLAUSES);
  return { any: clauses.optional(), all: clauses.optional() };
}

const tooDeep = z.custom<KeepClause[]>(() => false, {
  error: `"any" and "all" nest at most ${MAX_DEPTH} deep`,
});

function junction({ any, all }: Junctions): KeepClause | null {
  if (any !== undefined && all === undefined) return { any };
  return all !== undefined && any === undefined ? { all } : null;
}

const own = {
  newest: wholeNumber(0, MAX_NEWEST).optional(),
  orderBy: z.enum(ORDER_BY).optional(),
  newerThan: age().optional(),
  ageOf: ageOf().optional(),
  matching: oneOrMore().optional(),
};
type Own = z.output<z.ZodObject<typeof own>>;

/** What belongs to which clause, so that `{ newest: 3, ageOf: pushed }` is told where `ageOf` goes. */
const GOES_WITH = { orderBy: 'newest', ageOf: 'newerThan' } as const;

function clause(depth: number): z.ZodType<KeepClause> {
  return sharedAs(
    'keep-clause',
    fields('a keep clause', { ...own, ...junctions(depth + 1) }).transform((written, context): KeepClause => {
      const given = (['newest', 'newerThan', 'matching', 'any', 'all'] as const).filter(
        (name) => written[name] !== undefined,
      );
      if (given.length !== 1) {
        const got = given.length === 0 ? 'none of them' : given.join(' and ');
        const message = `a keep clause has exactly one of newest, newerThan, matching, any, all; this one has ${got}`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      for (const [field, owner] of Object.entries(GOES_WITH)) {
        if (written[field as keyof typeof GOES_WITH] === undefined || given[0] === owner) continue;
        context.addIssue({ code: 'custom', message: `"${field}" goes with "${owner}"`, path: [field] });
      }
      return junction(written) ?? leaf(written);
    }),
  );
}

function leaf({ newest, orderBy, newerThan, ageOf: of, matching }: Own): KeepClause {
  if (newest !== undefined) return { newest, orderBy: orderBy ?? 'created' };
  if (newerThan !== undefined) return { newerThan, ageOf: of ?? 'created' };
  return { matching: matching ?? [] };
}

/** A matcher, or a list of them of which any may match. */
function oneOrMore() {
  return writtenAs(
    z.unknown().transform((written, context): readonly Matcher[] => {
      const read = Array.isArray(written) ? matchers().safeParse(written) : matcher().safeParse(written);
      if (read.success) return [read.data].flat();
      for (const issue of read.error.issues)
        context.issues.push({ ...issue, input: written } as z.core.$ZodRawIssue);
      return z.NEVER;
    }),
    { json: (_own, of) => ({ anyOf: [of(matcher()), of(matchers())] }) },
  );
}
