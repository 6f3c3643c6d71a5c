import type { NotificationEvent, OutgoingMessage } from '#application';
import { linkOf } from '../wording/link-of.js';

export const WEBHOOK_TYPES = {
  SCAN_DONE: 'scan.done',
  SCAN_FAILED: 'scan.failed',
  PLAN_AWAITING_APPROVAL: 'plan.awaiting_approval',
  GRACE_ENDING: 'grace.ending',
  SCORE_FALLEN: 'score.fallen',
  REPORT_READY: 'report.ready',
} as const satisfies Record<NotificationEvent, string>;

/** What a webhook carries, as Standard Webhooks has it; under 20 kB. `timestamp` is of the event. */
export function webhookBody({ at, news }: OutgoingMessage, publicUrl: string): string {
  return JSON.stringify({
    type: WEBHOOK_TYPES[news.event],
    timestamp: at.toISOString(),
    data: { ...news.data, url: linkOf(news, publicUrl) },
  });
}
