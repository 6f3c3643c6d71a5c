import { describe, expect, it } from 'vitest';
import { reportFileName } from './report-file-name.js';

const named = (from: string, to: string) =>
  reportFileName({ from: new Date(from), to: new Date(to) }, 'XLSX');

describe('reportFileName', () => {
  it.each([
    ['2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z', '2026-W48'],
    ['2026-11-23T06:00:00Z', '2026-11-30T06:00:00Z', '2026-W48'],
    ['2026-10-19T22:00:00Z', '2026-10-26T23:00:00Z', '2026-W43'],
    ['2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z', '2026-W53'],
    ['2024-12-30T00:00:00Z', '2025-01-06T00:00:00Z', '2025-W01'],
    ['2027-01-04T00:00:00Z', '2027-01-11T00:00:00Z', '2027-W01'],
    ['2026-11-20T09:00:00Z', '2026-11-27T09:00:00Z', '2026-W48'],
  ])('of seven days from %s to %s is their week', (from, to, week) => {
    expect(named(from, to)).toBe(`tagward-hygiene-${week}.xlsx`);
  });

  it.each([
    ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-11-01-to-2026-11-30'],
    ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-01'],
    ['2026-11-01T10:00:00Z', '2026-11-02T10:00:00Z', '2026-11-01-to-2026-11-02'],
  ])('of another period from %s to %s is its days', (from, to, days) => {
    expect(named(from, to)).toBe(`tagward-hygiene-${days}.xlsx`);
  });
});
