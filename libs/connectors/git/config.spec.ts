import fc from 'fast-check';
import { HygieneError } from '#core';
import { OutboundGuard } from '#connector-kit';
import { describe, expect, it } from 'vitest';
import { checkGitAddresses } from './check-addresses.js';
import { gitConfig } from './config.js';
import { gitDescriptor } from './descriptor.js';
import { parseRemoteUrl, repositoryOf } from './remote-url.js';

function faults(config: object): string {
  const { error } = gitConfig.safeParse(config);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
}

const urlOf = (url: string): string => gitConfig.parse({ url }).url;
const refused = (url: string): boolean => !gitConfig.safeParse({ url }).success;
const repository = (url: string): string => {
  const remote = parseRemoteUrl(url);
  return typeof remote === 'string' ? expect.fail(remote) : repositoryOf(remote);
};

describe('the url of a git target', () => {
  it.each([
    ['https://GitHub.com/acme/app.git', 'https://github.com/acme/app.git', 'acme/app'],
    [' https://github.com:443/acme/app/ ', 'https://github.com/acme/app', 'acme/app'],
    ['HTTPS://git.example:8443/a/b/c.git', 'https://git.example:8443/a/b/c.git', 'a/b/c'],
    ['git@github.com:acme/app.git', 'ssh://git@github.com/acme/app.git', 'acme/app'],
    ['git@github.com:/srv/app.git', 'ssh://git@github.com/srv/app.git', 'srv/app'],
    ['ssh://git@host:22/~me/app.git', 'ssh://git@host/~me/app.git', '~me/app'],
    ['ssh://git@[2001:DB8::1]:2222/app', 'ssh://git@[2001:db8::1]:2222/app', 'app'],
    ['https://h/a%20b/c', 'https://h/a%20b/c', 'a b/c'],
    ['https://h/ä/c', 'https://h/%C3%A4/c', 'ä/c'],
    ['git://host/app.git', 'git://host/app.git', 'app'],
    ['http://host:80/app.git', 'http://host/app.git', 'app'],
    ['file:///srv/git/app.git', 'file:///srv/git/app.git', 'srv/git/app'],
    ['file://localhost/srv/app', 'file:///srv/app', 'srv/app'],
    ['https://h/acme/.git', 'https://h/acme/.git', 'acme/.git'],
  ])('%s is %s, the repository %s', (given, url, name) => {
    expect(urlOf(given)).toBe(url);
    expect(repository(given)).toBe(name);
    expect(urlOf(url)).toBe(url);
  });

  it.each(['--upload-pack=touch pwned', '-utouch', '-c core.sshCommand=touch', '--', ''])(
    'G1: refuses %j, which git could take for an option',
    (url) => expect(refused(url)).toBe(true),
  );

  it.each([
    'ext::sh -c touch% pwned',
    'fd::17',
    'EXT::sh',
    'transport::https://h/a',
    'https://h/a::b',
    'a@h:b::c',
  ])('G2: refuses %j, which names a program', (url) => expect(refused(url)).toBe(true));

  it.each([
    '/srv/x',
    '../x',
    'x',
    'C:\\x',
    'host:x',
    'ftp://h/x',
    'git+ssh://git@h/x',
    'javascript://h/x',
    'file://h/x',
    'file:///a/../b',
  ])('G3: refuses %j', (url) => expect(refused(url)).toBe(true));

  it.each([
    'ssh://-oProxyCommand=x/y',
    'ssh://git@-oProxyCommand=x/y',
    '-oProxyCommand@h:p',
    'ssh://-oProxyCommand=x@h/y',
    'git@h:-x',
    'https://h/-x/y',
    'ssh://git@h h/x',
    'ssh://git@h%00/x',
    'ssh://git@h%20x/y',
    'ssh://git@/x',
    'https://h:0/x',
    'https://h:65536/x',
    'https://h:22x/x',
    'ssh://h/x',
  ])('G4: refuses %j', (url) => expect(refused(url)).toBe(true));

  it.each([
    'https://h/%0ahost=good.tld',
    'https://h/x%0dy',
    'https://h/x%00y',
    'https://h/x\ny',
    'https://h/%7fx',
    'https://h/%C2%85x',
    'git@h:x\ry',
    'https://h/%zz',
  ])('G5: refuses %j, control characters even when they are encoded', (url) =>
    expect(refused(url)).toBe(true),
  );

  it('refuses a query, a fragment, an encoded slash and what leads out of a folder', () => {
    for (const url of [
      'https://h/a?b=c',
      'https://h/a#b',
      'https://h/a%2fb',
      'https://h/a/../b',
      'https://h//a',
      'https://h/',
    ])
      expect(refused(url)).toBe(true);
  });

  it('shows no password, and says where it belongs', () => {
    for (const url of ['https://user:a-secret@h/x', 'ssh://git:a-secret@h/x', 'https://a-secret@h/x']) {
      expect(faults({ url })).toMatch(/credential/);
      expect(faults({ url })).not.toContain('a-secret');
    }
  });

  it('takes any text without a fault of its own, and what it takes is canonical and safe', () => {
    const piece = fc.constantFrom(
      'https://',
      'ssh://',
      'git@',
      'h',
      ':',
      '/',
      '-',
      '%0a',
      '%2e',
      '..',
      '@',
      '::',
      '[',
      ']',
      'a.git',
      '?',
      '\n',
      'é',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const remote = parseRemoteUrl(given);
        if (typeof remote === 'string') {
          expect(remote).toMatch(/\w{3,} .*\.$/s);
          return;
        }
        expect(parseRemoteUrl(remote.url)).toEqual(remote);
        expect([remote.host, remote.user, repositoryOf(remote)].some((part) => part?.startsWith('-'))).toBe(
          false,
        );
        expect(/\p{Cc}/u.test(remote.path)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the configuration of a git target', () => {
  it('keeps what later work needs, and treats null as left out', () => {
    const given = {
      url: 'https://git.example/acme/app',
      forge: 'GITLAB',
      forgeUrl: 'https://git.example/api',
      forgeCredentialId: '0197c9d2-aaaa-7bbb-8ccc-0123456789ab',
      signers: ['ssh-ed25519 AAAA someone@example.com'],
      tagsPerPush: 3,
      organization: null,
    };
    const { organization: _null, ...kept } = given;
    expect(gitConfig.parse(given)).toEqual(kept);
    expect(gitConfig.parse(kept)).toEqual(kept);
    expect(gitDescriptor.location(gitConfig.parse(given))).toBe(given.url);
  });

  it.each([
    [{}, /url: Give the url/],
    [{ url: 1 }, /url: Give the url/],
    [{ organization: { name: 'acme' } }, /organization: .*not supported yet: make one target per repository/],
    [{ url: 'https://h/x', forge: 'github' }, /forge: .*GITHUB, GITLAB, GITEA/],
    [{ url: 'https://h/x', forgeUrl: 'https://u:p@h' }, /forgeUrl: /],
    [{ url: 'https://h/x', tagsPerPush: 0 }, /tagsPerPush: .*at least 1/],
    [{ url: 'https://h/x', tagsPerPush: 1.5 }, /tagsPerPush: .*whole number/],
    [{ url: 'https://h/x', signers: [''] }, /signers.0: /],
    [{ url: 'https://h/x', branch: 'main' }, /branch/],
  ])('refuses %j and says how to mend it', (config, expected) => {
    expect(faults(config)).toMatch(expected);
  });
});

describe('the addresses of a git target', () => {
  const check = async (
    url: string,
    policy: { allow?: string[]; allowLocal?: boolean } = {},
    names = {},
  ): Promise<string> => {
    const known: Record<string, string> = { 'git.example': '93.184.215.14', inside: '10.0.0.5', ...names };
    const guard = new OutboundGuard({ allow: [], allowLocal: false, ...policy }, async (host) => {
      const address = known[host];
      return address === undefined ? [] : [{ address, family: 4 }];
    });
    return checkGitAddresses(gitConfig.parse({ url }), guard).then(
      () => 'allowed',
      (error: unknown) => (error as HygieneError).code,
    );
  };

  it('reaches public hosts by https and ssh, private ones when they are listed', async () => {
    for (const url of ['https://git.example/x', 'ssh://git@git.example/x', 'https://unknown.example/x'])
      expect(await check(url)).toBe('allowed');
    for (const url of [
      'https://inside/x',
      'ssh://git@10.0.0.5:22/x',
      'ssh://git@inside:2222/x',
      'https://[::1]/x',
    ])
      expect(await check(url)).toBe('ADDRESS_REFUSED');
    expect(await check('ssh://git@inside:2222/x', { allow: ['inside:2222'] })).toBe('allowed');
    expect(await check('https://169.254.169.254/x', { allow: ['0.0.0.0/0'] })).toBe('ADDRESS_REFUSED');
  });

  it('G3: git:// and http:// only where the operator listed the host, file:// only when local targets are opened', async () => {
    for (const url of ['git://git.example/x', 'http://git.example/x', 'file:///etc'])
      expect(await check(url)).toBe('ADDRESS_REFUSED');
    expect(await check('git://git.example/x', { allow: ['git.example'] })).toBe('allowed');
    expect(await check('http://inside/x', { allow: ['10.0.0.0/8'] })).toBe('allowed');
    expect(await check('file:///etc', { allow: ['0.0.0.0/0'] })).toBe('ADDRESS_REFUSED');
    expect(await check('file:///etc', { allowLocal: true })).toBe('allowed');
  });
});
