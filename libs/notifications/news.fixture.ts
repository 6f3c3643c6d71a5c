import type { News, OutgoingMessage } from '#application';

export const SCAN_DONE: Extract<News, { event: 'SCAN_DONE' | 'SCAN_FAILED' }> = {
  event: 'SCAN_DONE',
  data: {
    target: { id: 't1', name: 'prod account', platform: 'ec2' },
    scan: {
      id: 's1',
      status: 'PARTIAL',
      resources: 40,
      tags: 200,
      open: 12,
      new: 3,
      resolved: 1,
      bySeverity: [
        { name: 'critical', count: 0 },
        { name: 'high', count: 5 },
        { name: 'low', count: 7 },
      ],
      errors: 2,
      firstErrors: [{ code: 'REMOTE_FORBIDDEN', message: 'us-east-1 refuses DescribeInstances.' }],
    },
    score: 88.26,
    previousScore: 90,
  },
};

export const SCAN_FAILED: News = {
  event: 'SCAN_FAILED',
  data: { ...SCAN_DONE.data, scan: { ...SCAN_DONE.data.scan, status: 'FAILED' } },
};

export const SCORE_FALLEN: Extract<News, { event: 'SCORE_FALLEN' }> = {
  event: 'SCORE_FALLEN',
  data: {
    target: SCAN_DONE.data.target,
    scan: { id: 's1', open: 12, new: 3 },
    score: 88.26,
    previousScore: 99.99,
  },
};

export const REPORT_READY: News = {
  event: 'REPORT_READY',
  data: {
    report: {
      id: 'r1',
      from: '2026-03-01T08:00:00.000Z',
      to: '2026-03-08T08:00:00.000Z',
      targets: null,
      score: 88.26,
      totals: [
        { name: 'open', count: 12 },
        { name: 'new', count: 3 },
      ],
      formats: ['HTML', 'CSV'],
    },
  },
};

export const ALL_NEWS = [SCAN_DONE, SCAN_FAILED, SCORE_FALLEN, REPORT_READY] as const;

/** The same news with another name of its target, as a platform or a user may give it. */
export function newsOf(name: string): News {
  return { event: 'SCAN_DONE', data: { ...SCAN_DONE.data, target: { ...SCAN_DONE.data.target, name } } };
}

export function messageOf(news: News): OutgoingMessage {
  return { id: '0198c1f2-7b1e-7a7c-9d66-0a1b2c3d4e5f', at: new Date('2026-03-01T08:00:00Z'), news };
}
