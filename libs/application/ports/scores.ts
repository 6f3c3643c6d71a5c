/** The history of scores; `TargetStore.refreshScore` writes it. */
export interface ScoreStore {
  /** Leaves the last point of each target's day before that time, which is what history shows; how many it removed. */
  trim(before: Date): Promise<number>;
}
