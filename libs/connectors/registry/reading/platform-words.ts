/** `linux/arm64/v8`; null when the words are none. */
export function platformWords(given: {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | null | undefined;
}): string | null {
  const parts = [given.os, given.architecture, given.variant ?? ''].filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => /^[\w.+-]{1,40}$/.test(part)) ? parts.join('/') : null;
}
