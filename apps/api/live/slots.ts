import { HygieneError } from '#core';

export interface SlotLimits {
  /** What they are, in the plural: for the message. */
  readonly of: string;
  readonly perToken: number;
  /** In this process. */
  readonly total: number;
}

/** How many of something may be open at once, by one token and in all. */
export class Slots {
  private readonly byToken = new Map<string, number>();
  private taken = 0;

  constructor(private readonly limits: SlotLimits) {}

  /**
   * @param subject of the viewer
   * @returns gives the slot back; harmless when called twice
   * @throws HygieneError RATE_LIMITED that says which limit is reached
   */
  take(subject: string): () => void {
    const { of, perToken, total } = this.limits;
    const own = this.byToken.get(subject) ?? 0;
    if (own >= perToken) throw tooMany(`This token has ${own} ${of} open; at most ${perToken} are allowed.`);
    if (this.taken >= total) throw tooMany(`The service has all its ${total} ${of} open.`);
    this.byToken.set(subject, own + 1);
    this.taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.taken -= 1;
      const left = (this.byToken.get(subject) ?? 1) - 1;
      if (left === 0) this.byToken.delete(subject);
      else this.byToken.set(subject, left);
    };
  }
}

function tooMany(message: string): HygieneError {
  return new HygieneError('RATE_LIMITED', `${message} Close one, or try again later.`, {
    retryAfterMs: 10_000,
  });
}
