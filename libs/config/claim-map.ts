import { SCOPES, type ClaimRule } from '#application';
import { z } from 'zod';

const MOST_RULES = 200;
const EXAMPLE = '[{"when": {"groups": "platform"}, "scopes": ["READ", "SCAN"]}]';

const rule = z.strictObject({
  when: z
    .record(
      z.string().min(1, 'expected the name of a claim'),
      z.union([z.string().min(1), z.number(), z.boolean()]),
    )
    .refine((claims) => Object.keys(claims).length > 0, 'expected at least one claim and its value'),
  scopes: z.array(z.enum(SCOPES, `expected ${SCOPES.join(', ')}`)).min(1, 'expected at least one scope'),
  targets: z
    .array(z.string().min(1))
    .min(1, 'expected ids of targets; leave it out for all targets')
    .optional(),
});
const rules = z.array(rule).min(1, 'expected at least one rule').max(MOST_RULES);

/** The rules that `TAGWARD_OIDC_CLAIM_MAP` holds as JSON; one issue that names every fault and its place. */
export const claimMap = z.string().transform((text, context): readonly ClaimRule[] => {
  const parsed = rules.safeParse(jsonOf(text));
  if (parsed.success)
    return parsed.data.map(({ targets, ...rest }) => ({ ...rest, targetIds: targets ?? null }));
  const faults = parsed.error.issues.map(({ path, message }) =>
    [placeOf(path), message].filter(Boolean).join(': '),
  );
  context.addIssue(`expected a list of rules like ${EXAMPLE}; ${faults.join('; ')}`);
  return z.NEVER;
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `[0].when.groups`, as JSON is walked. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[${step}]` : `${place}.${String(step)}`),
    '',
  );
}
