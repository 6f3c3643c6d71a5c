import { z } from 'zod';

/** Ids are made by Tagward; anything else in their place was written by somebody else. */
const id = z.string().regex(/^[\w.:-]{1,200}$/);

const VERSION = 1;

export const scanPayload = z.strictObject({ version: z.literal(VERSION), targetId: id });
export const reportPayload = z.strictObject({ version: z.literal(VERSION), reportId: id });

export type JobPayload = z.infer<typeof scanPayload> | z.infer<typeof reportPayload>;

/** One kind of job: its queue, its payload, and back. */
export interface JobKind {
  readonly name: 'scan' | 'report';
  readonly queue: string;
  payload(id: string): JobPayload;
  /** null when the payload is not one of ours: forged, or of a version this build does not know. */
  id(payload: unknown): string | null;
}

export const SCAN_JOB: JobKind = {
  name: 'scan',
  queue: 'tagward-scans',
  payload: (targetId) => scanPayload.parse({ version: VERSION, targetId }),
  id: (payload) => scanPayload.safeParse(payload).data?.targetId ?? null,
};

export const REPORT_JOB: JobKind = {
  name: 'report',
  queue: 'tagward-reports',
  payload: (reportId) => reportPayload.parse({ version: VERSION, reportId }),
  id: (payload) => reportPayload.safeParse(payload).data?.reportId ?? null,
};
