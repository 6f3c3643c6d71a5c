import { CREDENTIAL_KINDS, PLATFORMS, SEVERITIES } from '#core';
import { TARGET_MODES } from '#application';
import { z } from 'zod';

/** What is read of the answers; what a later version adds is passed over. */
const platform = z
  .string()
  .transform((name) => name.toLowerCase())
  .pipe(z.enum(PLATFORMS));
const label = z.object({ key: z.string(), value: z.string() });

export const viewer = z.object({
  subject: z.string(),
  scopes: z.array(z.string()),
  targetIds: z.array(z.string()).nullable(),
});
export type ViewerRow = z.output<typeof viewer>;

export const packRow = z.object({ name: z.string(), version: z.int(), document: z.string() });
export type PackRow = z.output<typeof packRow>;
export const storedPack = z.object({ rulePack: packRow });

export const targetRow = z.object({
  id: z.string(),
  name: z.string(),
  platform,
  config: z.record(z.string(), z.json()),
  credentialId: z.string().nullable(),
  rulePacks: z.array(z.string()).nullable(),
  mode: z.enum(TARGET_MODES),
  labels: z.array(label),
  openFindings: z.int(),
});
export type TargetRow = z.output<typeof targetRow>;

export const scheduleRow = z.object({
  id: z.string(),
  name: z.string(),
  cron: z.string(),
  timezone: z.string(),
  targetIds: z.array(z.string()),
  labels: z.array(label),
  report: z.boolean(),
  enabled: z.boolean(),
});
export type ScheduleRow = z.output<typeof scheduleRow>;

export const credentialRow = z.object({ id: z.string(), name: z.string(), kind: z.enum(CREDENTIAL_KINDS) });
export type CredentialRow = z.output<typeof credentialRow>;

export const diagnostics = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      line: z.int().nullable(),
      column: z.int().nullable(),
      severity: z
        .string()
        .transform((name) => name.toLowerCase())
        .pipe(z.enum(SEVERITIES)),
    }),
  ),
});
