import { PAUSE, type Pause } from './judge.js';

/** Work that pauses between its steps. */
export type Steps<T> = Generator<Pause, T, undefined>;

const EACH = 2_000;

/** Every number from 0 up to `count`, with a pause now and then. */
export function* paced(count: number, work: (index: number) => void): Steps<void> {
  for (let index = 0; index < count; index += 1) {
    work(index);
    if (index % EACH === EACH - 1) yield PAUSE;
  }
}

/** The whole of it at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Texts by their code units, as `sort` puts them, in steps. */
export function* sortedTexts(texts: readonly string[]): Steps<readonly string[]> {
  const runs: string[][] = [];
  for (let start = 0; start < texts.length; start += EACH) {
    runs.push(texts.slice(start, start + EACH).sort());
    if (texts.length > EACH) yield PAUSE;
  }
  while (runs.length > 1) {
    const [one = [], other = []] = runs.splice(0, 2);
    runs.push(yield* merged(one, other));
  }
  return runs[0] ?? [];
}

function* merged(one: readonly string[], other: readonly string[]): Steps<string[]> {
  const all: string[] = [];
  let [left, right] = [0, 0];
  while (left < one.length || right < other.length) {
    const [a, b] = [one[left], other[right]];
    if (b === undefined || (a !== undefined && a <= b)) {
      all.push(a ?? '');
      left += 1;
    } else {
      all.push(b);
      right += 1;
    }
    if (all.length % (EACH * 8) === 0) yield PAUSE;
  }
  return all;
}
