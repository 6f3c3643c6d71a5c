import { z } from 'zod';
import { labelKey, labelValue, listOf } from '../../policy/schema/fields.js';
import type { Fault, ResourceJudge } from '../judge.js';
import { listWords, quote } from '../quote.js';
import { defineKind, type RuleFault } from '../rule-kind.js';

const defaults = z.record(z.string(), labelValue()).refine((map) => Object.keys(map).length > 0, {
  error: '"set" needs the value of at least one key: { set: { owner: unassigned } }',
});

export const requiredKey = defineKind({
  name: 'required-key',
  judges: 'label',
  finds: 'keys that a resource must have and has not; an empty value is not a missing key',
  params: { keys: listOf(labelKey()) },
  fixes: { set: defaults },
  title: ({ params }) => `Resources without ${listWords(params.keys)}`,
  canonicalKeys: ({ params }) => params.keys,
  check: ({ params, fix }) =>
    Object.keys(fix?.params ?? {})
      .filter((key) => !params.keys.includes(key))
      .map((key): RuleFault => {
        const message = `This default is for ${quote(key)}, which is not one of the required keys (${listWords(params.keys)}).`;
        return { path: ['fix', 'set', key], message, severity: 'critical' };
      }),
  compile({ params, fix }, { judges }): ResourceJudge {
    const values = new Map(Object.entries(fix?.params ?? {}));
    const required = [...new Set(params.keys)].filter(judges);
    return {
      level: 'resource',
      judge: (subject) =>
        required
          .filter((key) => subject.value(key) === undefined)
          .map((key) => missing(key, values.get(key))),
    };
  },
});

function missing(key: string, value: string | undefined): Fault {
  const set = { change: 'set', key, value: value ?? '' } as const;
  const suggestion = `Set ${quote(key)} to ${quote(set.value)}.`;
  return {
    tag: key,
    value: null,
    message: `The key ${quote(key)} is missing.`,
    repair: value === undefined ? null : { suggestion, changes: [set], isDefault: true },
    evidence: {},
  };
}
