import { z } from 'zod';
import type { LaneRef } from '#application';

/** Ids are made by Tagward; anything else in their place was written by somebody else. */
const id = z.string().regex(/^[\w.:-]{1,200}$/);

const VERSION = 1;

export const scanPayload = z.strictObject({ version: z.literal(VERSION), targetId: id });
/** Lanes are few; the limit only keeps a forged number small. */
const MAX_LANE = 63;
const lane = z.int().min(0).max(MAX_LANE);
export const lanePayload = z.strictObject({ version: z.literal(VERSION), scanId: id, lane });
export const reportPayload = z.strictObject({ version: z.literal(VERSION), reportId: id });

/** Of a channel: which of its deliveries is due is looked up. */
export const deliveryPayload = z.strictObject({ version: z.literal(VERSION), channelId: id });

export type JobPayload =
  | z.infer<typeof scanPayload>
  | z.infer<typeof lanePayload>
  | z.infer<typeof reportPayload>
  | z.infer<typeof deliveryPayload>;

/** One kind of job: its queue, its payload, and back. */
export interface JobKind {
  readonly name: 'scan' | 'lane' | 'report' | 'delivery';
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

/** Its id is made by `laneId`: the scan's, and the number of the lane. */
export const LANE_JOB: JobKind = {
  name: 'lane',
  queue: 'tagward-lanes',
  payload: (text) => lanePayload.parse({ version: VERSION, ...laneRef(text) }),
  id: (payload) => {
    const { data } = lanePayload.safeParse(payload);
    return data === undefined ? null : laneId(data);
  },
};

export function laneId({ scanId, lane: number }: LaneRef): string {
  return `${scanId}:${number}`;
}

/** The other way; a text that is none gives a lane that no payload takes. */
export function laneRef(text: string): LaneRef {
  const [, scanId = '', number = 'none'] = /^(.*):(\d+)$/.exec(text) ?? [];
  return { scanId, lane: Number(number) };
}

export const REPORT_JOB: JobKind = {
  name: 'report',
  queue: 'tagward-reports',
  payload: (reportId) => reportPayload.parse({ version: VERSION, reportId }),
  id: (payload) => reportPayload.safeParse(payload).data?.reportId ?? null,
};

export const DELIVERY_JOB: JobKind = {
  name: 'delivery',
  queue: 'tagward-deliveries',
  payload: (channelId) => deliveryPayload.parse({ version: VERSION, channelId }),
  id: (payload) => deliveryPayload.safeParse(payload).data?.channelId ?? null,
};
