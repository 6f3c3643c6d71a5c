import { z } from 'zod';

/** What is read of a problem document (docs/errors.md). */
export const problem = z.object({
  detail: z.string(),
  reason: z.string(),
  requestId: z.string(),
});

/** The service understood, and said no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: string;

  constructor(
    readonly status: number,
    { detail, reason, requestId }: z.output<typeof problem>,
  ) {
    super(`${detail} (${reason}, request ${requestId})`);
    this.reason = reason;
  }

  /** Somebody else was there in between. */
  get isConflict(): boolean {
    return this.status === 412 || this.reason === 'VERSION_CONFLICT' || this.reason === 'NAME_TAKEN';
  }
}
