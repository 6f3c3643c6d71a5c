import { z } from 'zod';
import { exact } from '../../matchers/matcher.js';
import { fields, labelKey, readMoment } from '../../policy/schema/fields.js';
import type { TagJudge } from '../judge.js';
import { quote } from '../quote.js';
import { defineKind } from '../rule-kind.js';

const FORMATS = ['date', 'datetime', 'epoch'] as const;
type Format = (typeof FORMATS)[number];

const DAY_MS = 86_400_000;

export const expiredValue = defineKind({
  name: 'expired-value',
  judges: 'label',
  finds: 'dates in a value that have passed; a value that is no date of the format is left alone',
  params: { key: labelKey(), format: z.enum(FORMATS).optional() },
  fixes: { remove: fields('this fix', {}) },
  title: ({ params }) => `Dates of ${params.key} that have passed`,
  canonicalKeys: ({ params }) => [params.key],
  compile({ params, fix }): TagJudge<true> {
    return {
      level: 'tag',
      names: [exact(params.key)],
      look: () => true,
      judge(tag, _seen, subject) {
        const value = tag.value ?? '';
        const end = endOf(value, params.format ?? 'date');
        if (end === null || subject.now.getTime() < end) return null;
        const change = { change: 'remove', key: tag.name, value } as const;
        return {
          tag: tag.name,
          value,
          message: `The date ${quote(value)} of ${quote(tag.name)} has passed.`,
          repair:
            fix === null ? null : { suggestion: `Remove the key ${quote(tag.name)}.`, changes: [change] },
          evidence: { passedAt: new Date(end).toISOString() },
        };
      },
    };
  },
});

/** When the value has passed, in milliseconds since the epoch; null when it is no date of the format: unknown means keep. */
function endOf(value: string, format: Format): number | null {
  const written = value.trim();
  if (format === 'epoch') return /^\d{1,11}$/.test(written) ? Number(written) * 1000 : null;
  const moment = readMoment(written);
  if (moment === undefined || (written.length === 10) !== (format === 'date')) return null;
  // A day has passed when it is over, everywhere that counts in UTC.
  return format === 'date' ? moment.getTime() + DAY_MS : moment.getTime();
}
