import type { GuardedHttp, HttpLimits, HttpReply, Attempts } from '#connector-kit';
import { throwIfCancelled } from '#connector-kit';
import { Authorizer } from '../auth/authorizer.js';
import type { RegistryCredential } from '../auth/registry-credential.js';
import { TokenService } from '../auth/token-service.js';
import { statusFault, type Place } from '../errors.js';
import { PacedHttp } from './paced-http.js';
import { sharedPace } from './registry-pace.js';
import { wordOf } from './reply-word.js';

export interface RegistryRequest<T> {
  readonly method: 'GET' | 'HEAD' | 'DELETE';
  /** From `/v2/` on, with its query. */
  readonly path: string;
  readonly what: string;
  /** Of the token, where tokens are asked for: `repository:<name>:pull`. */
  readonly scope: string;
  readonly accept?: string;
  readonly compressed?: boolean;
  readonly limits: HttpLimits;
  readonly attempts: Attempts;
  readonly signal: AbortSignal;
  /** Reads or discards the body of any reply but 401, 403, 429 and 5xx. */
  readonly read: (reply: HttpReply) => Promise<T>;
}

export interface RegistryClientOptions {
  readonly registry: URL;
  readonly http: GuardedHttp;
  readonly credential: RegistryCredential | null;
  readonly now: () => number;
}

/** The first answer to somebody unknown, one to a token that has run out, one to a fresh token. */
const MOST_ROUNDS = 3;

/** One connector's line to its registry: paced, tried again, authorized. */
export class RegistryClient {
  readonly origin: string;
  private readonly paced: PacedHttp;
  private readonly tokens: TokenService;
  private readonly authorizer: Authorizer;

  constructor(private readonly options: RegistryClientOptions) {
    const { registry, http, credential, now } = options;
    this.origin = registry.origin;
    this.paced = new PacedHttp(http, sharedPace(now));
    this.tokens = new TokenService({ registry, http: this.paced, credential, now });
    this.authorizer = new Authorizer(registry, credential, this.tokens);
  }

  get anonymous(): boolean {
    return this.options.credential === null;
  }

  /** The registry has asked who we are. */
  get askedForCredential(): boolean {
    return this.authorizer.asked;
  }

  place(what: string): Place {
    return { what, origin: this.origin };
  }

  /** Throws a HygieneError that says what happened, where, and how to mend it. */
  async exchange<T>(asked: RegistryRequest<T>): Promise<T> {
    const place = this.place(asked.what);
    let tokensRefused = 0;
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      throwIfCancelled(asked.signal);
      const pass = await this.authorizer.pass(asked);
      const answer = await this.ask(asked, pass.headers);
      if ('value' in answer) return answer.value;
      this.authorizer.learn(pass, answer.refusal, place, tokensRefused > 0);
      if (pass.token !== null) tokensRefused += 1;
    }
    throw statusFault(401, place);
  }

  async close(): Promise<void> {
    this.tokens.close();
    await this.options.http.close();
  }

  private async ask<T>(
    asked: RegistryRequest<T>,
    credentials: Readonly<Record<string, string>>,
  ): Promise<{ readonly value: T } | { readonly refusal: HttpReply }> {
    const { method, path, what, accept, compressed, limits, attempts, signal } = asked;
    return this.paced.exchange({
      request: {
        ...{ method, url: new URL(path, this.options.registry), what, limits, signal, credentials },
        ...(accept === undefined ? {} : { headers: { accept } }),
        ...(compressed === undefined ? {} : { compressed }),
      },
      attempts,
      read: async (reply) => {
        if (reply.status === 401) {
          await reply.discard();
          return { refusal: reply };
        }
        if (reply.status === 403) throw statusFault(403, this.place(what), await wordOf(reply));
        return { value: await asked.read(reply) };
      },
    });
  }
}
