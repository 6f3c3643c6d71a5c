/** What one listing may cost. The largest public repositories have some 100,000 refs and 10 MB. */
export interface WireLimits {
  /** Of everything that is listed, branches and the like included. */
  readonly maxRefs: number;
  /** Bytes of the lines of tags, which are what stays in memory. */
  readonly maxTagBytes: number;
  /** Bytes of all replies. */
  readonly maxBytes: number;
  /** From so many tags on they are kept packed. */
  readonly manyTags: number;
}

export const WIRE_LIMITS: WireLimits = {
  maxRefs: 5_000_000,
  maxTagBytes: 256 * 1_048_576,
  maxBytes: 1_024 * 1_048_576,
  manyTags: 5_000,
};
