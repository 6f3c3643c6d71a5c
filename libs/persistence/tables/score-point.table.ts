/** The score of a target as it became at a moment. */
export interface ScorePointTable {
  target_id: string;
  at: Date;
  open: number;
  scored_tags: number;
  fault_weight: number;
  /** 0..100. */
  score: number;
}
