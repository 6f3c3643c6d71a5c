import type { Config } from './config.js';

/** Every secret that the operator gave, for whoever keeps secrets out of logs. */
export function secretsOf(config: Config): readonly string[] {
  const keys = [config.secretKey, config.previousSecretKey].map((key) =>
    key === null ? '' : Buffer.from(key).toString('base64'),
  );
  const urls = [config.databaseUrl, config.redisUrl, config.smtpUrl].map((url) => passwordOf(url ?? ''));
  return [config.adminToken ?? '', ...keys, ...urls].filter((secret) => secret !== '');
}

/** By pattern: a URL of PostgreSQL's that names a socket is none for the URL parser. */
function passwordOf(url: string): string {
  const written = /^[a-z]+:\/\/[^/:@]*:([^/@]*)@/i.exec(url)?.[1] ?? '';
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
