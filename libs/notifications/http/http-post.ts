import { HygieneError, type OutboundPolicy } from '#core';
import { GuardedHttp, OutboundGuard, retryAfterMs } from '#connector-kit';
import type { SendOutcome } from '#application';
import { ATTEMPT_MS } from '../channel-sender.js';

const LIMITS = { headersMs: ATTEMPT_MS, idleMs: 5_000, totalMs: ATTEMPT_MS, maxBytes: 64 * 1024 };
const CONNECTIONS = { connections: 2, connectMs: 10_000 };

export interface Posted {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What the other side said: only numbers. */
export interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | null;
}

/** POST of JSON to where the guard allows. Redirects are not followed, and what the other side writes is not read. */
export class HttpPost {
  private readonly guard: OutboundGuard;
  private readonly http: GuardedHttp;

  constructor(policy: OutboundPolicy) {
    this.guard = new OutboundGuard(policy);
    this.http = new GuardedHttp(this.guard, CONNECTIONS);
  }

  /**
   * What may be shown of a URL: all but its path, which may be a secret.
   * @throws HygieneError ADDRESS_REFUSED, without the path
   */
  async check(address: string): Promise<string> {
    const url = await this.guard.check(address);
    await this.refuseUnencrypted(url);
    return url.pathname === '/' && url.search === '' ? url.origin : `${url.origin}/…`;
  }

  /** The answer, or why there was none. @throws HygieneError CANCELLED when `signal` aborts */
  async send(address: string, { body, headers = {}, signal }: Posted): Promise<Answer | SendOutcome> {
    try {
      const url = this.guard.parse(address);
      await this.refuseUnencrypted(url);
      const reply = await this.http.send({
        method: 'POST',
        url,
        what: 'a notification',
        headers: { 'content-type': 'application/json' },
        credentials: headers,
        body,
        limits: LIMITS,
        signal,
      });
      const answer = {
        status: reply.status,
        retryAfterMs: retryAfterMs(reply.header('retry-after'), Date.now()),
      };
      await reply.discard();
      return answer;
    } catch (error) {
      if (signal.aborted || !(error instanceof HygieneError)) throw error;
      return { kind: 'RETRY', responseCode: null, reason: reasonOf(error), retryAfterMs: null };
    }
  }

  private async refuseUnencrypted({ protocol, hostname, port }: URL): Promise<void> {
    if (protocol === 'http:') await this.guard.checkUnencrypted(protocol, hostname, Number(port) || 80);
  }
}

export function isAnswer(result: Answer | SendOutcome): result is Answer {
  return 'status' in result;
}

/** An answer that is none of success. */
export function refusal(kind: SendOutcome['kind'], { status, retryAfterMs: asked }: Answer): SendOutcome {
  const redirect = status >= 300 && status < 400 ? ', a redirect, which is not followed' : '';
  return { kind, responseCode: status, reason: `It answered ${status}${redirect}.`, retryAfterMs: asked };
}

function reasonOf(error: HygieneError): string {
  if (error.code === 'REMOTE_TIMEOUT') return `No answer within ${ATTEMPT_MS / 1_000} seconds.`;
  if (error.code === 'REMOTE_REPLY_INVALID') return 'What answered speaks no HTTP that Tagward can read.';
  return error.message;
}
