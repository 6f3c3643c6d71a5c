import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HygieneError } from '#core';
import { nextTime } from './cron.js';

const times = (cron: string, timezone: string, after: string, count: number): string[] => {
  const found: string[] = [];
  let at = new Date(after);
  while (found.length < count) {
    const next = nextTime(cron, timezone, at);
    if (next === null) break;
    found.push(next.toISOString());
    at = next;
  }
  return found;
};

describe('the times of a cron expression', () => {
  it('are those of the time zone', () => {
    expect(times('0 6 * * 1', 'Europe/Berlin', '2026-11-25T00:00:00Z', 2)).toEqual([
      '2026-11-30T05:00:00.000Z',
      '2026-12-07T05:00:00.000Z',
    ]);
    expect(times('@daily', 'UTC', '2026-11-25T10:00:00Z', 1)).toEqual(['2026-11-26T00:00:00.000Z']);
    expect(times('@weekly', 'America/New_York', '2026-11-25T10:00:00Z', 1)).toEqual([
      '2026-11-29T05:00:00.000Z',
    ]);
  });

  it('come once where the clocks go forward: a time in the gap as the gap ends', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('come once where the clocks go back: the first of the two', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('may never come', () => {
    expect(nextTime('0 0 31 2 *', 'UTC', new Date('2026-01-01'))).toBeNull();
  });

  it.each([
    ['0 0 6 * * 1', 'UTC', 'cron', 'five fields'],
    ['61 * * * *', 'UTC', 'cron', '61'],
    ['', 'UTC', 'cron', 'five fields'],
    ['2026-12-01T00:00:00', 'UTC', 'cron', 'five fields'],
    ['@reboot', 'UTC', 'cron', '@weekly'],
    ['0 6 * * 1', 'Mars/Base', 'timezone', 'IANA'],
  ])('refuses %j in %s and says where', (cron, timezone, path, hint) => {
    const refused = (): unknown => nextTime(cron, timezone, new Date());
    expect(refused).toThrow(HygieneError);
    expect(refused).toThrow(new RegExp(`^${path}: .*${hint}`));
  });

  it('always lie ahead', () => {
    const field = (max: number) => fc.oneof(fc.constant('*'), fc.integer({ min: 0, max }).map(String));
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe');
    const after = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(field(59), field(23), zone, after, (minute, hour, timezone, at) => {
        const next = nextTime(`${minute} ${hour} * * *`, timezone, at);
        expect(next?.getTime()).toBeGreaterThan(at.getTime());
      }),
    );
  });
});
