import type { ScanRecord, TargetRecord } from '#application';
import type { ScanError } from '#core';
import { scanNews } from '../../application/notifications/scan-news.js';
import { describe, expect, it } from 'vitest';
import { ALL_NEWS, messageOf, SCAN_DONE } from '../news.fixture.js';
import { webhookBody } from './webhook-body.js';

const URL_OF = { scans: 'scans/s1', targets: 'targets/t1', reports: 'reports/r1' };

describe('webhookBody', () => {
  it.each(ALL_NEWS)('of $event has a type, the time of the event, and what happened', (news) => {
    const body = JSON.parse(webhookBody(messageOf(news), 'https://tags.test/')) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(['type', 'timestamp', 'data']);
    expect(body['type']).toBe(news.event.toLowerCase().replace('_', '.'));
    expect(body['timestamp']).toBe('2026-03-01T08:00:00.000Z');
    expect(body['data']).toMatchObject(news.data);
    const { url } = body['data'] as { url: string };
    expect(Object.values(URL_OF).map((path) => `https://tags.test/api/v1/${path}`)).toContain(url);
  });

  it('A9: is under 20 kB, whatever names and errors say', () => {
    const worst = '\u0001'.repeat(2_000);
    const error: ScanError = { code: 'REMOTE_FAULT', message: worst, scope: null, retryable: false };
    const { open, new: found, resolved, bySeverity } = SCAN_DONE.data.scan;
    const byRule = Array.from({ length: 500 }, () => ({ name: worst, count: 1 }));
    const counts = { open, new: found, resolved, bySeverity, byRule };
    const scan: ScanRecord = { ...SCAN, counts, errors: Array.from({ length: 200 }, () => error) };
    const news = scanNews(scan, { ...TARGET, name: worst.slice(0, 200) }, null);
    if (news === null) expect.fail('a scan that is done is news');
    expect(Buffer.byteLength(webhookBody(messageOf(news), 'https://tags.test'))).toBeLessThan(20_000);
  });
});

const TARGET: TargetRecord = {
  id: 't1',
  name: 'n',
  platform: 'ec2',
  location: 'eu-west-1',
  config: {},
  credentialId: null,
  rulePacks: null,
  mode: 'READ_ONLY',
  labels: [],
  capabilities: [],
  createdAt: new Date(),
  openFindings: 0,
  hygieneScore: 88.26,
};
const SCAN: Omit<ScanRecord, 'counts' | 'errors'> = {
  id: 's1',
  targetId: 't1',
  status: 'PARTIAL',
  trigger: 'MANUAL',
  rulePacks: [],
  scopes: null,
  progress: { done: 1, total: 1 },
  resources: 1,
  tags: 1,
  notEvaluated: [],
  queuedAt: new Date(),
  startedAt: new Date(),
  finishedAt: new Date(),
};
