import { memoryEnvironment } from '#connector-kit';
import { describe, expect, it } from 'vitest';
import { createConnectors } from '../create-connectors.js';
import { registryConfig, registryLocation } from './config.js';
import { failureOf } from './registry-session.fixture.js';
import { OTHER_HOST } from './other-host.fixture.js';

const faults = (input: unknown): string[] =>
  registryConfig.safeParse(input).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ??
  [];
const url = 'https://registry.example.com';
const connectors = (...allow: string[]) =>
  createConnectors(memoryEnvironment({ outbound: { allow, allowLocal: false } }));

describe('the configuration of a registry', () => {
  it('is an origin, however it is written', () => {
    const origin = (text: string) => registryConfig.parse({ url: text }).url;
    for (const text of ['https://R.example.com', 'https://r.example.com/', ' https://r.example.com:443/v2/ '])
      expect(origin(text)).toBe('https://r.example.com');
    expect(origin('http://127.1:5000')).toBe('http://127.0.0.1:5000');
  });

  it.each([
    'docker.io',
    'https://docker.io',
    'https://index.docker.io/v1/',
    'hub.docker.com',
    'https://hub.docker.com/u/x',
    'https://registry-1.docker.io',
    'http://DOCKER.IO',
  ])('means Docker Hub by %s', (text) => {
    const config = registryConfig.parse({ url: text, repositories: ['nginx', 'acme/app', 'acme/*'] });
    expect(config).toEqual({
      url: 'https://registry-1.docker.io',
      repositories: ['library/nginx', 'acme/app', 'acme/*'],
    });
  });

  it.each([
    'registry.example.com',
    'ftp://r.example.com',
    'https://',
    'https://u:p@r.example.com',
    'https://r.example.com/acme',
    'https://r.example.com?x=1',
    'docker://r.example.com',
    'https://user:pass@docker.io',
  ])('refuses the address %s', (text) => {
    expect(faults({ url: text })).toHaveLength(1);
    expect(faults({ url: text })[0]).not.toContain('pass@');
  });

  it('refuses names that are none, and says what a name is', () => {
    const names = [
      'Acme/App',
      'acme/app:latest',
      'acme//app',
      '../x',
      'acme/app/',
      'r.example.com:5000/x',
      'x'.repeat(256),
    ];
    for (const name of names) expect(faults({ url, repositories: [name] })[0]).toContain('is no repository');
    for (const glob of ['acme/{a,b', 'acme/[a*'])
      expect(faults({ url, repositories: [glob] })[0]).toContain('glob');
    expect(faults({ url, repositories: [] })[0]).toContain('at least one');
    expect(faults({ url, surprise: 1 })[0]).toContain('surprise');
    expect(faults({ url, flavor: 'QUAY' })[0]).toContain('HARBOR');
  });

  it('takes PEM certificates and nothing else for an authority', () => {
    expect(faults({ url, caCertificate: OTHER_HOST.cert })).toEqual([]);
    expect(faults({ url, caCertificate: `${OTHER_HOST.cert}\n${OTHER_HOST.cert}\n` })).toEqual([]);
    const bad = [
      '',
      'hello',
      OTHER_HOST.cert.slice(0, -40),
      OTHER_HOST.cert.replace(/[A-Z]{4}/, '!!!!'),
      `${OTHER_HOST.cert}\n-----BEGIN X-----`,
    ];
    for (const pem of bad) expect(faults({ url, caCertificate: pem })).toHaveLength(1);
    expect(faults({ url, caCertificate: OTHER_HOST.key })[0]).toContain('private key');
  });

  it('takes null for left out, and keeps what later versions need', () => {
    const given = {
      url,
      repositories: null,
      exclude: null,
      flavor: 'HARBOR',
      caCertificate: null,
      scratchManifestUntag: true,
    };
    expect(registryConfig.parse(given)).toEqual({ url, flavor: 'HARBOR', scratchManifestUntag: true });
  });

  it('has a location for people', () => {
    expect(registryLocation({ url })).toBe(url);
    expect(registryLocation({ url, repositories: ['a', 'b*', 'c', 'd', 'e', 'f'], exclude: ['x'] })).toBe(
      `${url} (a, b*, c, d, e and 1 more) without x`,
    );
  });
});

describe('the address of a registry', () => {
  it.each([
    '127.1',
    '0x7f.1',
    '2130706433',
    '017700000001',
    '①②⑦.0.0.1',
    '[::1]',
    '[::ffff:169.254.169.254]',
    'localhost.',
    '0.0.0.0',
    '10.0.0.5',
  ])('H1: is refused when it is private: %s', async (host) => {
    const error = await failureOf(connectors().check('registry', { url: `https://${host}:5000` }));
    expect(error.code).toBe('ADDRESS_REFUSED');
  });

  it.each(['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200'])(
    'H2: is refused for good when it is a metadata service: %s',
    async (host) => {
      const open = connectors('169.254.0.0/16', 'fd00::/8', '100.64.0.0/10', host.replace(/[[\]]/g, ''));
      expect((await failureOf(open.check('registry', { url: `https://${host}` }))).code).toBe(
        'ADDRESS_REFUSED',
      );
    },
  );

  it.each(['[2002:7f00:1::]', '[64:ff9b::7f00:1]'])('H2: is refused by a way round: %s', async (host) => {
    const error = await failureOf(connectors().check('registry', { url: `https://${host}` }));
    expect(error.code).toBe('ADDRESS_REFUSED');
  });

  it('is refused unencrypted, unless the operator listed it', async () => {
    const error = await failureOf(connectors().check('registry', { url: 'http://8.8.8.8:5000' }));
    expect([error.code, error.message]).toEqual(['ADDRESS_REFUSED', expect.stringContaining('http://')]);
    const listed = connectors('127.0.0.1').check('registry', { url: 'http://127.0.0.1:5000' });
    await expect(listed).resolves.toBeUndefined();
  });
});
