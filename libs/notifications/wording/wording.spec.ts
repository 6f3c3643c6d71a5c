import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newsOf, REPORT_READY, SCAN_DONE, SCAN_FAILED, SCORE_FALLEN } from '../news.fixture.js';
import { oneLine } from './one-line.js';
import { wordingOf } from './wording.js';

const URL = 'https://tags.test';

describe('wordingOf', () => {
  it('says what a scan found, and what it could not read', () => {
    expect(wordingOf(SCAN_DONE, URL)).toEqual({
      title: 'Scan of prod account was read in part: 12 open findings, 3 new',
      facts: [
        { name: 'Target', value: 'prod account (ec2)' },
        { name: 'Findings', value: '12 open (5 high, 7 low), 3 new, 1 resolved' },
        { name: 'Score', value: '88.2 of 100, 90.0 before' },
        { name: 'Read', value: '40 resources, 200 tags' },
        { name: 'REMOTE_FORBIDDEN', value: 'us-east-1 refuses DescribeInstances.' },
        { name: 'Errors', value: '1 more' },
      ],
      link: { name: 'The scan', url: 'https://tags.test/api/v1/scans/s1' },
    });
  });

  it('says why a scan failed, how far a score fell, and what a report holds', () => {
    expect(wordingOf(SCAN_FAILED, URL)).toMatchObject({
      title: 'Scan of prod account failed',
      facts: expect.arrayContaining([expect.objectContaining({ name: 'REMOTE_FORBIDDEN' })]),
    });
    expect(wordingOf(SCORE_FALLEN, URL).title).toBe('Hygiene score of prod account fell from 99.9 to 88.2');
    expect(wordingOf(REPORT_READY, URL)).toMatchObject({
      title: 'Hygiene report 2026-03-01 to 2026-03-08 is ready',
      facts: [
        { name: 'Targets', value: 'all' },
        { name: 'Score', value: '88.2 of 100' },
        { name: 'Findings', value: '12 open, 3 new' },
        { name: 'Files', value: 'HTML, CSV' },
      ],
      link: { url: 'https://tags.test/api/v1/reports/r1' },
    });
  });

  it('rounds a score down, but for what a sum of fractions is off by', () => {
    const titleOf = (score: number) =>
      wordingOf({ ...SCORE_FALLEN, data: { ...SCORE_FALLEN.data, score } }, URL).title;
    expect(titleOf(64.99999999999999)).toMatch(/to 65\.0$/);
    expect(titleOf(64.9999)).toMatch(/to 64\.9$/);
  });

  it('has no line with an end of a line in it, whatever a target is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const { title, facts } = wordingOf(newsOf(name), URL);
        const lines = [title, ...facts.map(({ value }) => value)];
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('cuts what is too long, and never within a character', () => {
    expect(oneLine('a'.repeat(301))).toHaveLength(300);
    expect(oneLine('😀'.repeat(10), 4).isWellFormed()).toBe(true);
  });
});
