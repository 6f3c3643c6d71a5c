import type { ChannelSecret } from '../ports/notifications.js';
import type { SecretBox } from '../ports/services.js';
import { signingKey } from './signing-secret.js';

const ROTATION_MS = 24 * 60 * 60 * 1_000;

/** What is kept of a channel: a webhook's secret that is replaced signs beside the new one for a day, so that its receiver need not change at the same moment. */
export function sealChannel(
  secretBox: SecretBox,
  channel: { readonly id: string; readonly address: string; readonly secret: string | null },
  before: ChannelSecret | null,
  now: Date,
): string {
  const { id, address, secret } = channel;
  if (secret === null) return secretBox.seal({ address }, id);
  const kept: Record<string, string> = { address, secret };
  const old = before?.['secret'];
  if (old !== undefined && old !== secret) {
    kept['previous'] = old;
    kept['previousUntil'] = new Date(now.getTime() + ROTATION_MS).toISOString();
  } else if (old !== undefined && before?.['previous'] !== undefined) {
    kept['previous'] = before['previous'];
    kept['previousUntil'] = before['previousUntil'] ?? now.toISOString();
  }
  return secretBox.seal(kept, id);
}

/** @throws HygieneError CREDENTIAL_INVALID when it was sealed with another key */
export function openChannel(secretBox: SecretBox, sealed: string, id: string): ChannelSecret {
  const opened = secretBox.open(sealed, id);
  return { ...opened, address: opened['address'] ?? '' };
}

/** The keys that sign now, the newest first; none for channels without a secret. */
export function signingKeys(secret: ChannelSecret, now: Date): readonly Uint8Array[] {
  const { secret: current, previous, previousUntil } = secret;
  const isOver = previousUntil === undefined || new Date(previousUntil) <= now;
  const valid = [current, isOver ? undefined : previous];
  return valid.filter((text) => text !== undefined).map(signingKey);
}
