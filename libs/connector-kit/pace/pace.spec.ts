import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimiter } from './adaptive-limiter.js';
import { backOffMs, RETRY_AFTER_MAX_MS, RETRY_AFTER_MIN_MS, retryAfterMs } from './back-off.js';
import { paceClock, type PaceClock } from './clock.js';

const NOW = Date.UTC(2026, 0, 1);
const { signal } = new AbortController();

/** A clock on which waiting takes no time but moves it. */
function fakeClock(): PaceClock & { at: number } {
  const clock = {
    at: 0,
    now: () => clock.at,
    sleep: async (ms: number) => {
      clock.at += ms;
    },
  };
  return clock;
}

describe('back-off', () => {
  it('waits more than nothing and no longer than the cap, for any attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.nat(1_000),
        fc.nat(60_000),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (attempt, base, cap, random) => {
          const ms = backOffMs(attempt, { baseMs: base + 1, capMs: cap + 1 }, () => random);
          expect(ms).toBeGreaterThan(0);
          expect(ms).toBeLessThanOrEqual(cap + 1);
        },
      ),
    );
  });

  it.each([
    ['5', 5_000],
    ['0', RETRY_AFTER_MIN_MS],
    ['86400', RETRY_AFTER_MAX_MS],
    [new Date(NOW + 7_000).toUTCString(), 7_000],
    [new Date(NOW - 7_000).toUTCString(), RETRY_AFTER_MIN_MS],
    [String(NOW / 1_000 + 60), 60_000],
    ['-1', null],
    ['abc', null],
    ['', null],
    [undefined, null],
  ])('reads Retry-After %s as %s ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it('is never a busy loop or an endless wait, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ms = retryAfterMs(header, NOW);
        if (ms !== null) expect(ms).toBeGreaterThanOrEqual(RETRY_AFTER_MIN_MS);
        if (ms !== null) expect(ms).toBeLessThanOrEqual(RETRY_AFTER_MAX_MS);
      }),
    );
  });
});

describe('the adaptive limiter', () => {
  const pace = { perSecond: 20, burst: 10, floorPerSecond: 1 };

  it('lets no more calls go than its bucket holds, for any times of asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(500), { minLength: 1, maxLength: 80 }), async (gaps) => {
        const clock = fakeClock();
        const limiter = new AdaptiveLimiter(clock, pace);
        for (const gap of gaps) {
          clock.at += gap;
          await limiter.acquire('key', signal);
        }
        expect(gaps.length).toBeLessThanOrEqual(pace.burst + (clock.at / 1_000) * pace.perSecond + 1);
      }),
    );
  });

  it('slows down when throttled, to the floor and no further, and recovers by success', async () => {
    const clock = fakeClock();
    const limiter = new AdaptiveLimiter(clock, pace);
    await limiter.acquire('key', signal);
    limiter.throttled('key');
    expect(limiter.rateOf('key')).toBe(10);
    limiter.throttled('key');
    expect(limiter.rateOf('key')).toBe(10);
    for (let n = 0; n < 20; n += 1) {
      clock.at += 1_000;
      limiter.throttled('key');
    }
    expect(limiter.rateOf('key')).toBe(1);
    for (let n = 0; n < 100; n += 1) limiter.succeeded('key');
    expect(limiter.rateOf('key')).toBe(20);
  });

  it('keeps away as long as the remote asked, and keeps keys apart', async () => {
    const clock = fakeClock();
    const limiter = new AdaptiveLimiter(clock, pace);
    limiter.throttled('a', 5_000);
    await limiter.acquire('b', signal);
    expect(clock.at).toBe(0);
    await limiter.acquire('a', signal);
    expect(clock.at).toBeGreaterThanOrEqual(5_000);
  });

  it('does not wait for a turn further away than the caller would', async () => {
    const clock = fakeClock();
    const limiter = new AdaptiveLimiter(clock, pace);
    limiter.throttled('key', 60_000);
    const refused = limiter.acquire('key', signal, 1_000);
    await expect(refused).rejects.toMatchObject({ code: 'REMOTE_THROTTLED', retryAfterMs: 60_000 });
    expect(clock.at).toBe(0);
    await limiter.acquire('key', signal, 60_000);
    expect(clock.at).toBe(60_000);
  });

  it('ends a wait with CANCELLED when it is aborted', async () => {
    const limiter = new AdaptiveLimiter(paceClock(Date.now), {
      perSecond: 0.01,
      burst: 1,
      floorPerSecond: 0.01,
    });
    const abort = new AbortController();
    await limiter.acquire('key', abort.signal);
    const waiting = limiter.acquire('key', abort.signal);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(limiter.acquire('key', abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
