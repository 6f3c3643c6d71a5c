import { Cron } from 'croner';
import { HygieneError } from '#core';

/**
 * The first time after `after` that a cron expression names; null when none comes.
 *
 * Five fields (minute hour day month weekday) or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, as crontab(5) says them. When the
 * clocks go forward a time in the gap runs once, as the gap ends; when they go back a time that comes twice runs the first time.
 *
 * @param timezone IANA name
 * @throws HygieneError INPUT_INVALID that names what is wrong
 */
export function nextTime(cron: string, timezone: string, after: Date): Date | null {
  checkTimezone(timezone);
  if (!cron.startsWith('@') && cron.split(/\s+/).length !== FIELDS) throw invalid('cron', CRON_EXPECTED);
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun(after);
  } catch (cause) {
    throw invalid('cron', `${CRON_EXPECTED}; ${cause instanceof Error ? cause.message : 'not understood'}`);
  }
}

const FIELDS = 5;
const CRON_EXPECTED =
  'expected five fields (minute hour day month weekday) such as "0 6 * * 1", or @hourly, @daily, @weekly, @monthly, @yearly';

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw invalid('timezone', 'expected an IANA time zone such as Europe/Berlin or UTC');
  }
}

function invalid(path: string, message: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `${path}: ${message}.`, { faults: [{ path, message }] });
}
