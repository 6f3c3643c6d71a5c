import { HygieneError } from '#core';

const DAY_MS = 86_400_000;

interface Limits {
  /** When no beginning is given. */
  readonly defaultDays: number;
  readonly mostDays?: number;
}

/** The period that an input asks for: up to `to`, or now. @throws HygieneError INPUT_INVALID */
export function periodOf(
  input: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  now: Date,
  { defaultDays, mostDays = Infinity }: Limits,
): { readonly from: Date; readonly to: Date } {
  const to = input.to ?? now;
  const from = input.from ?? new Date(to.getTime() - defaultDays * DAY_MS);
  if (from >= to) throw wrong('expected a time before `to`');
  if (to.getTime() - from.getTime() > mostDays * DAY_MS)
    throw wrong(`expected a time at most ${mostDays} days before \`to\``);
  return { from, to };
}

function wrong(message: string): HygieneError {
  return new HygieneError('INPUT_INVALID', `from: ${message}.`, { faults: [{ path: 'from', message }] });
}
