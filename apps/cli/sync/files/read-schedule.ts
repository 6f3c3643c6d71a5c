import { nextTime } from '#application';
import { HygieneError, diagnoseIssues, fields, flag } from '#core';
import { z } from 'zod';
import type { FileFault } from '../../failure.js';
import type { DeclaredSchedule, Source } from './declared.js';
import { labels, nameText } from './fields.js';
import { fileFault } from './read-written.js';

const shape = fields('a schedule', {
  schedule: nameText(),
  cron: z.string().trim().min(1).max(200),
  timezone: z.string().min(1).max(100).optional(),
  targets: z.array(nameText()).max(1_000).optional(),
  labels: labels().optional(),
  report: flag().optional(),
  enabled: flag().optional(),
});

type ReadSchedule = { readonly schedule: DeclaredSchedule | null; readonly faults: readonly FileFault[] };

/** A document with `schedule:`, checked as far as it can be without the service. */
export function readSchedule(source: Source, now: Date): ReadSchedule {
  const read = shape.safeParse(source.document.root);
  if (!read.success) {
    const found = diagnoseIssues(source.document, read.error.issues);
    return { schedule: null, faults: found.map((diagnostic) => fileFault(source, diagnostic)) };
  }
  const { schedule: name, cron, timezone, targets, labels: given, report, enabled } = read.data;
  const schedule: DeclaredSchedule = {
    kind: 'schedule',
    name,
    source,
    cron,
    timezone: timezone ?? 'UTC',
    targets: [...new Set(targets ?? [])],
    labels: given ?? [],
    report: report ?? false,
    enabled: enabled ?? true,
  };
  return { schedule, faults: [...choiceFaults(schedule), ...timeFaults(schedule, now)] };
}

function choiceFaults({ targets, labels: given, source }: DeclaredSchedule): FileFault[] {
  if (targets.length === 0 || given.length === 0) return [];
  return [source.fault(['labels'], 'A schedule names targets or labels, not both.', true)];
}

function timeFaults({ cron, timezone, source }: DeclaredSchedule, now: Date): FileFault[] {
  try {
    if (nextTime(cron, timezone, now) !== null) return [];
    return [source.fault(['cron'], 'This expression names no time that ever comes.')];
  } catch (error) {
    if (!(error instanceof HygieneError)) throw error;
    return error.faults.map(({ path, message }) => source.fault([path], `${path}: ${message}.`));
  }
}
