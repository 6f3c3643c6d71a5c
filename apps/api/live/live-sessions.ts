import type { Viewer } from '#application';
import { HygieneError } from '#core';
import type { ApiDependencies } from '../api-dependencies.js';

const CHECK_EVERY_MS = 1_000;

/** Why a session ends when the service does. */
export const STOPPING = new HygieneError('CANCELLED', 'The service stops; connect again in a moment.');

/** A caller that stays connected. */
export interface LiveSession {
  readonly viewer: Viewer;
  /** Aborts with a HygieneError: TOKEN_EXPIRED, TOKEN_UNKNOWN (revoked), or STOPPING. */
  readonly ended: AbortSignal;
  /** The caller is gone; harmless when called twice. */
  release(): void;
}

/** Looks at the tokens of connected callers again every second, each token once, and ends the sessions of those that are no longer good. */
export class LiveSessions {
  private readonly byToken = new Map<string, Set<AbortController>>();
  private timer: NodeJS.Timeout | null = null;
  private checking = false;
  private closed = false;

  constructor(
    private readonly authenticate: ApiDependencies['authenticate'],
    private readonly checkEveryMs = CHECK_EVERY_MS,
  ) {}

  /** @param token of which `viewer` was made a moment ago */
  hold(token: string, viewer: Viewer): LiveSession {
    const controller = new AbortController();
    if (this.closed) controller.abort(STOPPING);
    const own = this.byToken.get(token) ?? new Set();
    this.byToken.set(token, own.add(controller));
    this.timer ??= setInterval(() => void this.check(), this.checkEveryMs);
    return { viewer, ended: controller.signal, release: () => this.release(token, controller) };
  }

  /** Ends every session, and whatever comes later. */
  close(): void {
    this.closed = true;
    for (const sessions of this.byToken.values())
      for (const controller of sessions) controller.abort(STOPPING);
  }

  private release(token: string, controller: AbortController): void {
    const own = this.byToken.get(token);
    own?.delete(controller);
    if (own?.size === 0) this.byToken.delete(token);
    if (this.byToken.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    for (const token of [...this.byToken.keys()]) {
      const refusal = await this.refusalOf(token);
      if (refusal === null) continue;
      for (const controller of [...(this.byToken.get(token) ?? [])]) controller.abort(refusal);
    }
    this.checking = false;
  }

  /** null as well when nobody can say: without the database there is nothing to see either. */
  private async refusalOf(token: string): Promise<HygieneError | null> {
    try {
      await this.authenticate(token);
      return null;
    } catch (error) {
      return error instanceof HygieneError && error.category === 'unauthenticated' ? error : null;
    }
  }
}
