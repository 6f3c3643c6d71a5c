import { HygieneError, type Logger } from '#core';
import {
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose';

export interface KeyTimes {
  /** Keys this old are read again before they are used: a key that the issuer took back is good no longer. */
  readonly freshMs: number;
  /** Keys this old are not used, even when the issuer does not answer. */
  readonly keptMs: number;
  /** An unknown key makes us ask again, at most this often: anyone can name one. */
  readonly askAgainMs: number;
  /** As `askAgainMs`, after an attempt that failed. */
  readonly retryMs: number;
}
export const KEY_TIMES: KeyTimes = {
  freshMs: 10 * 60_000,
  keptMs: 24 * 60 * 60_000,
  askAgainMs: 30_000,
  retryMs: 5_000,
};

export interface KeySource {
  keys(): Promise<LocalJWKSet>;
}

interface Options {
  readonly issuer: string;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly now: () => number;
  readonly times?: KeyTimes;
}

/**
 * The public keys of an issuer. A key comes from what the issuer published, by its `kid`, and from nowhere else: `jku`, `x5u` and `jwk` of a
 * token lead nowhere. While the issuer does not answer, the keys that are known go on working for a day.
 */
export class IssuerKeys {
  private known: { readonly set: LocalJWKSet; readonly at: number } | null = null;
  private lastTry: { readonly at: number; readonly fault: unknown } | null = null;
  private reading: Promise<void> | null = null;
  private readonly times: KeyTimes;

  constructor(
    private readonly source: KeySource,
    private readonly options: Options,
  ) {
    this.times = options.times ?? KEY_TIMES;
  }

  /** @throws JWKSNoMatchingKey of jose; HygieneError DEPENDENCY_DOWN when only the issuer could say, and it does not */
  async keyFor(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.age() >= this.times.freshMs) await this.read();
    if (this.known === null || this.age() >= this.times.keptMs) throw this.down();
    try {
      return await this.known.set(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.read();
    // An issuer that does not answer may have the key since.
    if (this.lastTry?.fault !== null) throw this.down();
    return this.known.set(header, token);
  }

  private age(): number {
    return this.known === null ? Infinity : this.options.now() - this.known.at;
  }

  /** Asks the issuer, once for all who wait, unless it was asked a moment ago. */
  private async read(): Promise<void> {
    const { now } = this.options;
    const { lastTry, times } = this;
    const pause = lastTry?.fault === null ? times.askAgainMs : times.retryMs;
    if (this.reading === null && lastTry !== null && now() - lastTry.at < pause) return;
    this.reading ??= this.readNow().finally(() => {
      this.reading = null;
    });
    await this.reading;
  }

  private async readNow(): Promise<void> {
    const { now, logger, issuer } = this.options;
    try {
      this.known = { set: await this.source.keys(), at: now() };
      this.lastTry = { at: now(), fault: null };
    } catch (error) {
      this.lastTry = { at: now(), fault: error };
      logger.warn({ err: error, issuer }, 'the keys of the identity provider could not be read');
    }
  }

  private down(): HygieneError {
    return new HygieneError(
      'DEPENDENCY_DOWN',
      'The identity provider does not give its keys, so its tokens cannot be checked now. Try again; API tokens work meanwhile.',
      { cause: this.lastTry?.fault, retryAfterMs: this.times.retryMs },
    );
  }
}
