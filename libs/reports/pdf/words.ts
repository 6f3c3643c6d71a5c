const COUNT = new Intl.NumberFormat('en-GB');
const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
const DAY_MS = 86_400_000;

/** `12,345`. */
export function count(number: number): string {
  return COUNT.format(number);
}

/** `1 finding`, `12,345 findings`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** `17 Nov 2026`, in UTC. */
export function longDay(date: Date): string {
  return DAY.format(date);
}

/** `17 Nov 2026, 11:03 UTC`. */
export function moment(date: Date): string {
  return `${DAY.format(date)}, ${TIME.format(date)} UTC`;
}

/** `2026-11-17`, in UTC. */
export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A period that ends at midnight is said by its last day. */
export function period(from: Date, to: Date): string {
  const isWholeDays = from.getTime() % DAY_MS === 0 && to.getTime() % DAY_MS === 0;
  return isWholeDays
    ? `${longDay(from)} to ${longDay(new Date(to.getTime() - 1))}`
    : `${moment(from)} to ${moment(to)}`;
}

/** Whole days between two moments. */
export function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / DAY_MS));
}
