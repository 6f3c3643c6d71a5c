/** One line of a bench table; `ratio` is ours by the baseline, both measured in this run. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number;
  readonly ratio: number;
  readonly goal: string;
  readonly unit: string;
}
