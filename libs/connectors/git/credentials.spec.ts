import { HygieneError, type OpenRequest } from '#core';
import { describe, expect, it } from 'vitest';
import { parseCredential, type GitCredential } from './credentials.js';
import { parseRemoteUrl, type GitRemote } from './remote-url.js';

type Secret = OpenRequest['secret'];

const remote = (url: string): GitRemote => {
  const parsed = parseRemoteUrl(url);
  return typeof parsed === 'string' ? expect.fail(parsed) : parsed;
};
const HTTPS = remote('https://git.example/acme/app.git');
const SSH = remote('ssh://git@git.example/acme/app.git');
const KEY = {
  privateKey: '-----BEGIN OPENSSH PRIVATE KEY-----\r\nabc\r\n-----END',
  knownHosts: 'git.example k',
};

function plain(credential: GitCredential): string {
  const [scheme = '', value = ''] = credential.kind === 'http' ? credential.authorization.split(' ') : [];
  return scheme === 'Basic' ? Buffer.from(value, 'base64').toString() : `${scheme} ${value}`;
}

function refusal(secret: Secret, at: GitRemote): HygieneError {
  try {
    parseCredential(secret, at, undefined);
  } catch (error) {
    return error as HygieneError;
  }
  return expect.fail('it was taken');
}

describe('a credential of a git target', () => {
  it('is presented as the server wants it', () => {
    const token: Secret = { kind: 'FORGE_TOKEN', values: { token: 'a-token' } };
    expect(
      plain(
        parseCredential({ kind: 'BASIC', values: { username: 'me', password: 'p:w ü' } }, HTTPS, undefined),
      ),
    ).toBe('me:p:w ü');
    expect(plain(parseCredential({ kind: 'BEARER', values: { token: 'abc' } }, HTTPS, undefined))).toBe(
      'Bearer abc',
    );
    expect(plain(parseCredential(token, HTTPS, undefined))).toBe('x-access-token:a-token');
    expect(plain(parseCredential(token, HTTPS, 'GITHUB'))).toBe('x-access-token:a-token');
    expect(plain(parseCredential(token, HTTPS, 'GITLAB'))).toBe('oauth2:a-token');
    expect(plain(parseCredential(token, HTTPS, 'GITEA'))).toBe('oauth2:a-token');
    expect(parseCredential(null, HTTPS, undefined)).toEqual({ kind: 'none' });
  });

  it('is a key with pinned host keys for ssh, in the form that ssh reads', () => {
    expect(parseCredential({ kind: 'SSH_KEY', values: KEY }, SSH, undefined)).toEqual({
      kind: 'ssh',
      key: {
        privateKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END\n',
        knownHosts: 'git.example k\n',
        passphrase: null,
      },
    });
  });

  it.each([
    [null, SSH, /needs a credential of kind SSH_KEY/],
    [{ kind: 'BASIC', values: { username: 'a', password: 'b' } }, SSH, /needs a credential of kind SSH_KEY/],
    [{ kind: 'SSH_KEY', values: KEY }, HTTPS, /BASIC, BEARER or FORGE_TOKEN, not SSH_KEY/],
    [{ kind: 'BEARER', values: { token: 'a-secret' } }, remote('git://h/x'), /takes no credential/],
    [{ kind: 'BEARER', values: { token: 'a-secret' } }, remote('file:///x'), /takes no credential/],
    [{ kind: 'BEARER', values: { token: 'a-secret\r\nx: y' } }, HTTPS, /token .*control character/],
    [{ kind: 'BEARER', values: {} }, HTTPS, /no token/],
    [{ kind: 'BASIC', values: { username: 'a:b', password: 'a-secret' } }, HTTPS, /colon/],
    [
      { kind: 'BASIC', values: { username: 'a', password: 'a-secret\n' } },
      HTTPS,
      /password .*control character/,
    ],
    [{ kind: 'SSH_KEY', values: { ...KEY, privateKey: 'a-secret' } }, SSH, /privateKey is no private key/],
    [{ kind: 'SSH_KEY', values: { ...KEY, knownHosts: ' ' } }, SSH, /knownHosts/],
    [{ kind: 'SSH_KEY', values: { ...KEY, passphrase: 'a-secret\n' } }, SSH, /passphrase/],
  ] as const)('refuses %# and shows no value', (secret, at, expected) => {
    const error = refusal(secret, at);
    expect(error.code).toBe('CREDENTIAL_INVALID');
    expect(error.message).toMatch(expected);
    expect(error.message).not.toContain('a-secret');
  });
});
