import { officialImages, type RepositoryContent } from '../registry-content/index.js';
import type { BasicCredentials } from './basic-credentials.js';
import { demoApp } from './demo-app.js';
import type { TokenAuth } from './sandbox-tokens.js';

export interface DemoRegistry {
  readonly repositories: Readonly<Record<string, RepositoryContent>>;
  /** For `startRegistrySandbox`. */
  readonly auth: TokenAuth;
  /** Who may read it. */
  readonly login: BasicCredentials;
}

const OFFICIAL = [
  'adminer',
  'caddy',
  'debian',
  'haproxy',
  'memcached',
  'mysql',
  'nats',
  'nginx',
  'redis',
  'traefik',
  'ubuntu',
  'wordpress',
];
const LOGIN = { username: 'tagward', password: 'only-for-the-registry-of-the-quickstart' };
const NEWEST_NIGHTLY = new Date('2026-06-30T02:00:00Z');

/**
 * What the quickstart shows: real tags of a dozen official images, and `acme/app` with the faults that everybody knows. The same at
 * every call, so that a second start finds the first one's inventory; `newest` moves the days of `acme/app`.
 */
export function demoRegistry(newest: Date = NEWEST_NIGHTLY): DemoRegistry {
  const repositories = { 'acme/app': demoApp(newest), ...officialImages({ repositories: OFFICIAL }) };
  const auth: TokenAuth = { kind: 'token', users: { [LOGIN.username]: LOGIN.password } };
  return { repositories, auth, login: LOGIN };
}
