import { createHmac } from 'node:crypto';

/** HMAC-SHA-256, and whether it was asked for: a refusal costs one over the body, whatever it was refused for. */
export class Hmac {
  private asked = false;

  sha256(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
    this.asked = true;
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  }

  /** Takes the time of one over the body, unless one was made. */
  spend(body: Uint8Array): void {
    if (!this.asked) this.sha256('nobody', body);
  }
}
