import { HygieneError } from '#core';
import type { OutboundGuard } from '../outbound/outbound-guard.js';
import { GuardedHttp, type GuardedHttpOptions } from './guarded-http.js';

const HTTP: GuardedHttpOptions = { connections: 2, connectMs: 3_000 };
const LIMITS = { headersMs: 4_000, idleMs: 2_000, totalMs: 6_000, maxBytes: 32_768 };
const KEPT_MS = 24 * 60 * 60 * 1_000;
const MOST_KEPT = 64;
const MINUTE_MS = 60_000;
/** Addresses that are asked within a minute; who signs uses one or two for months. */
const MOST_A_MINUTE = 20;

/**
 * Certificates from addresses that the caller has judged: each is fetched once a day, once at a time, with its limits, few a minute. Follows no
 * redirect.
 */
export class CertificateFetcher {
  private readonly http: GuardedHttp;
  private readonly kept = new Map<string, { readonly pem: Promise<string>; readonly until: number }>();
  private fetched: number[] = [];

  constructor(
    guard: OutboundGuard,
    private readonly now: () => number = () => Date.now(),
    options: Partial<GuardedHttpOptions> = {},
  ) {
    this.http = new GuardedHttp(guard, { ...HTTP, ...options });
  }

  /**
   * @returns PEM
   * @throws HygieneError ADDRESS_REFUSED, REMOTE_UNREACHABLE, REMOTE_TIMEOUT, REMOTE_REPLY_INVALID, REMOTE_FAULT; RATE_LIMITED when many were asked for
   */
  certificate(url: URL): Promise<string> {
    const known = this.kept.get(url.href);
    if (known !== undefined && known.until > this.now()) return known.pem;
    this.count();
    const pem = this.fetch(url);
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(url.href, { pem, until: this.now() + KEPT_MS });
    pem.catch(() => this.kept.delete(url.href));
    return pem;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private count(): void {
    const now = this.now();
    this.fetched = this.fetched.filter((at) => at > now - MINUTE_MS);
    if (this.fetched.length >= MOST_A_MINUTE) {
      throw new HygieneError('RATE_LIMITED', 'Too many certificates were asked for; try again in a minute.', {
        retryAfterMs: MINUTE_MS,
      });
    }
    this.fetched.push(now);
  }

  private async fetch(url: URL): Promise<string> {
    const reply = await this.http.send({
      ...{ method: 'GET', url, what: 'a certificate', limits: LIMITS, maxRedirects: 0 },
      signal: AbortSignal.timeout(LIMITS.totalMs),
    });
    if (reply.status !== 200) {
      await reply.discard();
      throw new HygieneError('REMOTE_FAULT', `${url.origin} gives no certificate (${reply.status}).`);
    }
    const pem = await reply.text();
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    throw new HygieneError('REMOTE_REPLY_INVALID', `What ${url.origin} gives is no certificate in PEM.`);
  }
}
