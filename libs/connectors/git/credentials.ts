import { HygieneError, type OpenRequest } from '#core';
import type { Forge } from './config.js';
import type { GitRemote } from './remote-url.js';

type Secret = NonNullable<OpenRequest['secret']>;

export interface SshKey {
  readonly privateKey: string;
  readonly passphrase: string | null;
  /** Lines as in a known_hosts file: the only host keys that are taken. */
  readonly knownHosts: string;
}

/** A secret in the form in which its transport presents it. */
export type GitCredential =
  | { readonly kind: 'none' }
  /** The value of the Authorization header. */
  | { readonly kind: 'http'; readonly authorization: string }
  | { readonly kind: 'ssh'; readonly key: SshKey };

/** What a forge wants as the user name beside a token; forges that are not listed look at the token only. */
const TOKEN_USERS: Readonly<Record<Forge, string>> = {
  // https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
  GITHUB: 'x-access-token',
  // https://docs.gitlab.com/api/oauth2/#access-git-over-https-with-access-token
  GITLAB: 'oauth2',
  // https://docs.gitea.com/development/oauth2-provider: a token may be the password of any user name
  GITEA: 'oauth2',
};
const CONTROL = /[\u0000-\u001f\u007f]/;

/** @throws HygieneError CREDENTIAL_INVALID, which names fields and shows no value */
export function parseCredential(
  secret: Secret | null,
  { scheme }: GitRemote,
  forge: Forge | undefined,
): GitCredential {
  if (scheme === 'ssh') return { kind: 'ssh', key: sshKey(secret) };
  if (secret === null) return { kind: 'none' };
  if (scheme === 'https' || scheme === 'http')
    return { kind: 'http', authorization: authorization(secret, forge) };
  throw invalid(
    `A ${scheme}:// target takes no credential. Take it off the target, or use https:// or ssh://.`,
  );
}

function authorization({ kind, values }: Secret, forge: Forge | undefined): string {
  switch (kind) {
    case 'BASIC':
      return basic(line(values, 'username'), line(values, 'password'));
    case 'BEARER':
      return `Bearer ${line(values, 'token')}`;
    case 'FORGE_TOKEN':
      return basic(TOKEN_USERS[forge ?? 'GITHUB'], line(values, 'token'));
    case 'SSH_KEY':
    case 'AWS_ACCESS_KEY':
    case 'DOCKER_TLS':
      throw invalid(
        `An https:// target takes a credential of kind BASIC, BEARER or FORGE_TOKEN, not ${kind}.`,
      );
  }
}

/** RFC 7617: a user name has no colon. */
function basic(username: string, password: string): string {
  if (username.includes(':')) throw invalid('The username of the credential has a colon in it.');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function sshKey(secret: Secret | null): SshKey {
  if (secret?.kind !== 'SSH_KEY')
    throw invalid(
      'An ssh:// target needs a credential of kind SSH_KEY: privateKey, knownHosts, passphrase if any.',
    );
  const { values } = secret;
  const privateKey = (values['privateKey'] ?? '').replaceAll('\r\n', '\n').trim();
  const knownHosts = (values['knownHosts'] ?? '').replaceAll('\r\n', '\n').trim();
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/.test(privateKey))
    throw invalid('privateKey is no private key: it begins with -----BEGIN … PRIVATE KEY-----.');
  if (knownHosts === '' || knownHosts.includes('\0'))
    throw invalid('knownHosts names no host key. Take its lines from `ssh-keyscan host`, and check them.');
  const passphrase = values['passphrase'] ?? '';
  if (CONTROL.test(passphrase)) throw invalid('The passphrase has a control character in it.');
  return {
    privateKey: `${privateKey}\n`,
    passphrase: passphrase === '' ? null : passphrase,
    knownHosts: `${knownHosts}\n`,
  };
}

function line(values: Secret['values'], field: string): string {
  const value = values[field] ?? '';
  if (value === '') throw invalid(`The credential has no ${field}.`);
  if (CONTROL.test(value)) throw invalid(`The ${field} of the credential has a control character in it.`);
  return value;
}

function invalid(message: string): HygieneError {
  return new HygieneError('CREDENTIAL_INVALID', message);
}
