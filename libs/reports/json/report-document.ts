import { z } from 'zod';
import { FINDING_STATES, SCAN_STATUSES } from '#application';
import { type JsonObject, PLATFORMS, SEVERITIES } from '#core';

/** Stands in the file's `$schema` and in the schema's `$id`; a change that breaks readers makes a new number. */
export const REPORT_SCHEMA_ID = 'urn:tagward:schema:report:1';

const upper = <const T extends string>(words: readonly T[]) =>
  z.enum(words.map((word) => word.toUpperCase()) as Uppercase<T>[]);

const severity = upper(SEVERITIES);
const platform = upper(PLATFORMS);
const instant = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();
const score = z.number().min(0).max(100).nullable();

const change = z.discriminatedUnion('change', [
  z.strictObject({ change: z.literal('set'), key: z.string(), value: z.string() }),
  z.strictObject({ change: z.literal('rename'), from: z.string(), to: z.string(), value: z.string() }),
  z.strictObject({ change: z.literal('remove'), key: z.string(), value: z.string() }),
  z.strictObject({ change: z.literal('untag'), name: z.string(), digest: z.string().nullable() }),
  z.strictObject({ change: z.literal('alias'), from: z.string(), to: z.string(), digest: z.string() }),
  z.strictObject({ change: z.literal('restore'), name: z.string(), digest: z.string(), to: z.string() }),
  z.strictObject({ change: z.literal('purge'), digest: z.string() }),
]);

const suppression = z.strictObject({
  reason: z.string(),
  by: z.string(),
  at: instant,
  until: instant.nullable().describe('null: until it is taken back'),
});

const finding = z.strictObject({
  id: z.string().describe('The fingerprint: the same for the same fault in every scan'),
  targetId: z.string(),
  target: z.string().describe('The name of the target'),
  platform: platform.nullable(),
  scope: z.string().nullable().describe('Account and region, or repository'),
  rulePack: z.string(),
  ruleId: z.string(),
  severity,
  state: z.enum(FINDING_STATES),
  resource: z.string(),
  resourceType: z.string(),
  tag: z.string().nullable().describe('The key or name at fault'),
  value: z.string().nullable().describe('Empty is a value; null is none'),
  message: z.string(),
  suggestion: z.string().nullable(),
  changes: z.array(change),
  fixable: z.boolean(),
  blocked: z.boolean().describe('Fixable, but not as things stand: evidence.blockedBy says why'),
  fixAtSource: z.string().nullable().describe('What would put the fault back if it were fixed here'),
  flapping: z.boolean(),
  timesReopened: count,
  evidence: z.record(z.string(), z.unknown()),
  firstSeenAt: instant,
  lastSeenAt: instant,
  resolvedAt: instant.nullable(),
  suppression: suppression.nullable(),
});

const counts = {
  open: count.describe("As they stand at the period's end"),
  new: count.describe('Found for the first time, or back after having been resolved'),
  resolved: count,
  suppressed: count.describe("As they stand at the period's end, whether they are listed or not"),
};
const scoreBefore = score.describe('As the period began');

const target = z.strictObject({
  id: z.string(),
  name: z.string(),
  platform: platform.nullable(),
  location: z.string().nullable(),
  tags: count,
  score,
  scoreBefore,
  ...counts,
  lastScan: z.strictObject({ status: z.enum(SCAN_STATUSES), finishedAt: instant }).nullable(),
});

const packChange = z.strictObject({
  name: z.string(),
  fromVersion: z.int().positive().nullable().describe('null: the pack is new'),
  toVersion: z.int().positive().nullable().describe('null: the pack was removed'),
  at: instant,
  by: z.string(),
  added: z.array(z.string()).describe('Ids of rules'),
  removed: z.array(z.string()),
});

const document = z.strictObject({
  $schema: z.literal(REPORT_SCHEMA_ID),
  version: z.literal(1),
  id: z.string(),
  from: instant.describe('The period includes this moment'),
  to: instant.describe('The period ends before this moment'),
  generatedAt: instant,
  auditHead: z.string().describe('The last hash of the audit log when the report was made'),
  score: score.describe('0..100 at the end of the period; null when nothing was scanned'),
  scoreFormula: z.string(),
  scoreBefore,
  trend: z
    .array(z.strictObject({ at: instant, score: z.number().min(0).max(100), open: count }))
    .describe('Oldest first, from some periods before this one; one point a day at most'),
  tags: count.describe('What the score is a share of'),
  totals: z.strictObject({
    ...counts,
    flapping: count.describe('Open ones that have come and gone before'),
    fixable: count.describe('Open ones that a rule can fix as things stand'),
  }),
  bySeverity: z.array(z.strictObject({ severity, ...counts })),
  byRule: z.array(
    z.strictObject({ rulePack: z.string(), ruleId: z.string(), title: z.string(), severity, ...counts }),
  ),
  targets: z.array(target),
  byPlatform: z.array(z.strictObject({ platform, targets: count, score, ...counts })),
  byTeam: z
    .array(z.strictObject({ team: z.string().nullable().describe('null: no owner is known'), ...counts }))
    .max(100),
  teamsBeyond: count.describe('Teams that are not listed'),
  oldest: z.array(finding).describe('Open findings that are known for the longest time'),
  errors: z
    .array(
      z.strictObject({
        targetId: z.string(),
        target: z.string(),
        scope: z.string().nullable(),
        code: z.string(),
        message: z.string(),
      }),
    )
    .describe('What the last scans could not read'),
  notEvaluated: z
    .array(
      z.strictObject({
        targetId: z.string(),
        target: z.string(),
        rulePack: z.string(),
        ruleId: z.string(),
        needs: z.string(),
        resources: count,
      }),
    )
    .describe('Rules that the last scans could not judge, as a fact was missing'),
  packChanges: z.array(packChange),
  findings: z.array(finding),
  findingCount: count.describe('Written last: a file that ends with it is whole'),
});

export type ReportDocument = z.infer<typeof document>;

/** The JSON Schema (draft 2020-12) of a report's JSON file. */
export const REPORT_JSON_SCHEMA = {
  $id: REPORT_SCHEMA_ID,
  title: 'Tagward hygiene report',
  ...z.toJSONSchema(document),
} as unknown as JsonObject;
