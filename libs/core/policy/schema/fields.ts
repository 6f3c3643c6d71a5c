import { z } from 'zod';
import { writtenAs, type JsonSchema } from './written-form.js';

/** What an issue about a field nobody knows carries, for its message. */
export interface UnknownField {
  readonly unknownField: true;
  /** What the field was written in: `a selector`. */
  readonly noun: string;
  readonly known: readonly string[];
}

export const isUnknownField = (params: object | undefined): params is UnknownField =>
  params !== undefined && 'unknownField' in params;

/** The JSON Schema of what cannot be written. */
export const NOTHING: JsonSchema = { not: {} };

/** An object of exactly these fields; each unknown one is an issue of its own, reported together with all others. */
export function fields<S extends z.ZodRawShape>(noun: string, shape: S): z.ZodObject<S> {
  const params: UnknownField = { unknownField: true, noun, known: Object.keys(shape) };
  const unknown = z.custom<never>(() => false, { params: { ...params } });
  return z.object(shape).catchall(writtenAs(unknown, NOTHING));
}

/** Any text but an empty one. */
export const text = (max: number) => z.string().min(1).max(max);

/** What is written as text, read; `expected` says what it should have been, `form` says it to editors. */
export const asWritten = <T>(read: (text: string) => T | undefined, expected: string, form: JsonSchema) =>
  writtenAs(
    z.string().transform((text, context): T => {
      const value = read(text);
      if (value !== undefined) return value;
      const got = JSON.stringify(text.slice(0, 60));
      context.addIssue({ code: 'custom', message: `expected ${expected}, not ${got}` });
      return z.NEVER;
    }),
    form,
  );

/** `true` or `false`; everything in a document is text until a field says what it is. */
export const flag = () =>
  asWritten((text) => (text === 'true' ? true : text === 'false' ? false : undefined), 'true or false', {
    anyOf: [{ type: 'boolean' }, { enum: ['true', 'false'] }],
  });

export const wholeNumber = (min: number, max: number) =>
  asWritten(
    (text) => (/^\d{1,15}$/.test(text) && +text >= min && +text <= max ? +text : undefined),
    `a whole number from ${min} to ${max}`,
    {
      anyOf: [
        { type: 'integer', minimum: min, maximum: max },
        { type: 'string', pattern: '^\\d{1,15}$' },
      ],
    },
  );

/** A day (`2024-06-30`, its first moment in UTC) or an RFC 3339 moment. */
export const moment = () =>
  asWritten(readMoment, 'a date like 2024-06-30 or 2024-06-30T12:00:00Z', {
    type: 'string',
    pattern: MOMENT.source,
  });

const MOMENT = /^\d{4}-(\d{2})-(\d{2})([Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2}))?$/;

/** undefined for what is no day of the calendar or no moment of RFC 3339. */
export function readMoment(written: string): Date | undefined {
  const match = MOMENT.exec(written);
  if (match === null) return undefined;
  const day = new Date(`${written.slice(0, 10)}T00:00:00Z`);
  const real = day.getUTCMonth() + 1 === Number(match[1]) && day.getUTCDate() === Number(match[2]);
  const date = new Date(written);
  return real && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** What no key may start with, in any case: the platform keeps it for itself. */
const RESERVED_KEY = /^aws:/i;

/** A key that a rule writes or waits for: it must be one that a user may set. */
export const labelKey = () =>
  text(128).refine((key) => !RESERVED_KEY.test(key), {
    error: 'keys that start with "aws:" are reserved; no rule can set or ask for one',
  });

/** A value as a platform stores it; empty is a value. */
export const labelValue = () => z.string().max(256);

/** At least one. */
export const listOf = <T extends z.ZodType>(item: T, max = 200) => z.array(item).min(1).max(max);
