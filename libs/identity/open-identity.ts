import type { IdentityVerifier } from '#application';
import type { Logger } from '#core';
import { IssuerDocument } from './issuer-document.js';
import { IssuerKeys, type KeyTimes } from './issuer-keys.js';
import { OidcVerifier } from './oidc-verifier.js';

export interface IdentitySettings {
  /** Exactly as `iss` says it. */
  readonly issuer: string;
  readonly audience: string;
  /** What may be reached in private ranges, beside the issuer itself. */
  readonly outboundAllow: readonly string[];
  readonly logger: Logger;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Other times of keys than the usual ones. */
  readonly times?: KeyTimes;
}

/** Checks the tokens of an OpenID provider; asks for its keys when the first token comes. */
export function openIdentity(settings: IdentitySettings): IdentityVerifier & { close(): Promise<void> } {
  const { issuer, audience, outboundAllow, logger, now = Date.now, times } = settings;
  const document = new IssuerDocument(issuer, outboundAllow);
  const keys = new IssuerKeys(document, { issuer, logger, now, ...(times === undefined ? {} : { times }) });
  const verifier = new OidcVerifier({ issuer, audience, keys, now });
  return { verify: (token) => verifier.verify(token), close: () => document.close() };
}
