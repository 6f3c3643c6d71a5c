import { DECISIONS, SEVERITIES, type Severity } from '#core';
import { z } from 'zod';

const text = z.string();
const nullableText = text.nullable();
const severity = z.enum(SEVERITIES.map((value) => value.toUpperCase()) as Uppercase<Severity>[]);

/** What would be found if tags were set. */
export const admission = z
  .strictObject({
    findings: z.array(
      z.strictObject({
        ruleId: text,
        rulePack: text,
        severity,
        resource: text,
        tag: nullableText,
        message: text,
        suggestion: nullableText,
      }),
    ),
    worst: severity.nullable().meta({ description: 'Of the findings; null when there are none.' }),
    notEvaluated: z.array(z.strictObject({ rulePack: text, ruleId: text, needs: text, resources: z.int() })),
    rulePacks: z.array(z.strictObject({ name: text, version: z.int() })),
  })
  .meta({ id: 'Admission' });

/** Why a tag stays or goes. */
export const tagExplanation = z
  .strictObject({
    resource: text,
    name: nullableText.meta({ description: 'null: content, or the resource as a whole.' }),
    decision: z.enum(DECISIONS),
    reason: text,
    removable: z.boolean(),
    freesContent: z.boolean(),
    verdicts: z.array(
      z.strictObject({
        ruleId: nullableText,
        rulePack: nullableText,
        decision: z.enum(DECISIONS),
        reason: text,
      }),
    ),
    blockers: z.array(
      z.strictObject({ code: text, message: text, references: z.array(text), hard: z.boolean() }),
    ),
    steps: z.array(z.strictObject({ action: text, subject: text, destroys: text, command: nullableText })),
  })
  .meta({ id: 'TagExplanation' });
