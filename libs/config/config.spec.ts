import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientEnvironment } from './client-environment.js';
import { ConfigError } from './config-error.js';
import { loadConfig } from './config.js';
import { describeConfig } from './describe-config.js';
import { secretsOf } from './secrets-of.js';
import { VARIABLES, type Variable } from './variables.js';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7)).toString('base64');

const RULES = JSON.stringify([
  { when: { groups: 'platform', email_verified: true }, scopes: ['ADMIN'] },
  { when: { 'realm_access.roles': 'auditor' }, scopes: ['READ'], targets: ['t1'] },
]);

function faultsOf(environment: NodeJS.ProcessEnv): readonly { path: string; message: string }[] {
  try {
    loadConfig({}, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('has a default for everything, and is frozen', () => {
    const config = loadConfig({}, {});

    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      introspection: true,
      undoDays: 7,
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.outboundAllow)).toBe(true);
  });

  it('leaves to the tagward command what is for it', () => {
    const environment = { TAGWARD_URL: 'https://tagward.example.com', TAGWARD_TOKEN: '' };

    expect(faultsOf(environment)).toEqual([]);
    expect(readClientEnvironment(environment)).toEqual({ url: environment.TAGWARD_URL, token: null });
  });

  it('reads what is set', () => {
    const config = loadConfig(
      {},
      {
        PORT: '0',
        DATABASE_URL: 'postgres://u:p@db/x',
        TAGWARD_SECRET_KEY: KEY,
        TAGWARD_OUTBOUND_ALLOW: 'registry.internal:5000, 10.0.0.0/8',
        TAGWARD_PUBLIC_URL: 'https://tags.example.com/',
        TAGWARD_TRUST_PROXY: '2',
      },
    );

    expect(config).toMatchObject({
      port: 0,
      databaseUrl: 'postgres://u:p@db/x',
      outboundAllow: ['registry.internal:5000', '10.0.0.0/8'],
      publicUrl: 'https://tags.example.com',
      trustProxy: 2,
    });
    expect(config.secretKey?.byteLength).toBe(32);
  });

  it('lists every fault at once, with the variable and the mend', () => {
    const faults = faultsOf({
      PORT: '70000',
      TAGWARD_READ_ONLY: 'maybe',
      TAGWARD_SECRET_KEY: 'short',
      DATABASE_URL: 'mysql://db',
      TAGWARD_CORS_ORIGINS: 'https://portal.example.com/path',
      TAGWARD_OUTBOUND_ALOW: 'x',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      TAGWARD_OIDC_ISSUER: 'https://issuer.example.com',
    });

    expect(faults.map(({ path }) => path).sort()).toEqual([
      'DATABASE_URL',
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'PORT',
      'TAGWARD_CORS_ORIGINS',
      'TAGWARD_OIDC_ISSUER',
      'TAGWARD_OUTBOUND_ALOW',
      'TAGWARD_READ_ONLY',
      'TAGWARD_SECRET_KEY',
    ]);
    expect(faults.find(({ path }) => path === 'TAGWARD_OUTBOUND_ALOW')?.message).toContain(
      'TAGWARD_OUTBOUND_ALLOW',
    );
    expect(faults.find(({ path }) => path === 'TAGWARD_SECRET_KEY')?.message).toContain('openssl rand');
  });

  it('asks for a key with a database of the operator, and refuses a weak one', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://db/x' })).toEqual([
      expect.objectContaining({ path: 'TAGWARD_SECRET_KEY' }),
    ]);
    expect(faultsOf({ TAGWARD_SECRET_KEY: Buffer.alloc(32).toString('base64') })[0]?.message).toContain(
      'random',
    );
    expect(faultsOf({ TAGWARD_ADMIN_TOKEN: 'changeme' })[0]?.message).toContain('at least 32');
  });

  it.each([
    ['TAGWARD_OUTBOUND_ALLOW', 'https://registry.internal'],
    ['TAGWARD_OUTBOUND_ALLOW', '10.0.0.0/33'],
    ['TAGWARD_OUTBOUND_ALLOW', '10.0.0.0/8,*'],
    ['TAGWARD_TRUST_PROXY', 'yes'],
    ['TAGWARD_TRUST_PROXY', '10.0.0.0/8, proxy'],
    ['HOST', 'http://0.0.0.0'],
    ['HOST', '0.0.0.0:80'],
    ['TAGWARD_PUBLIC_URL', 'tags.example.com'],
    ['TAGWARD_UNDO_DAYS', '0'],
    ['TAGWARD_LOG_LEVEL', 'verbose'],
    ['TAGWARD_SMTP_URL', 'https://mail.example.com'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://otel:4317'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value }).map(({ path }) => path)).toEqual([name]);
  });

  it('takes a mail server and the mailbox that mail comes from together, or neither', () => {
    const [url, from] = ['smtps://tagward:secret-word@mail.example.com', 'tagward@example.com'];
    expect(loadConfig({}, { TAGWARD_SMTP_URL: url, TAGWARD_SMTP_FROM: from })).toMatchObject({
      ...{ smtpUrl: url, smtpFrom: from },
    });
    const paths = (environment: Record<string, string>) => faultsOf(environment).map(({ path }) => path);
    expect(paths({ TAGWARD_SMTP_URL: url })).toEqual(['TAGWARD_SMTP_FROM']);
    expect(paths({ TAGWARD_SMTP_FROM: from })).toEqual(['TAGWARD_SMTP_FROM']);
    const both = { TAGWARD_SMTP_URL: url, TAGWARD_SMTP_FROM: 'Tagward <tagward@example.com>' };
    expect(paths(both)).toContain('TAGWARD_SMTP_FROM');
  });

  it('wants TLS of an identity provider elsewhere', () => {
    const others = { TAGWARD_OIDC_AUDIENCE: 'tagward', TAGWARD_OIDC_CLAIM_MAP: RULES };
    const faults = faultsOf({ ...others, TAGWARD_OIDC_ISSUER: 'http://idp.example.com' });

    expect(faults.map(({ path }) => path)).toContain('TAGWARD_OIDC_ISSUER');
    expect(faultsOf({ ...others, TAGWARD_OIDC_ISSUER: 'http://localhost:8080/realm' })).toEqual([]);
  });

  it('keeps an issuer letter by letter, and its rules', () => {
    const { oidc } = loadConfig(
      {},
      {
        TAGWARD_OIDC_ISSUER: 'https://acme.example.com/',
        TAGWARD_OIDC_AUDIENCE: 'tagward',
        TAGWARD_OIDC_CLAIM_MAP: RULES,
      },
    );
    expect(oidc).toEqual({
      issuer: 'https://acme.example.com/',
      audience: 'tagward',
      claimRules: [
        { when: { groups: 'platform', email_verified: true }, scopes: ['ADMIN'], targetIds: null },
        { when: { 'realm_access.roles': 'auditor' }, scopes: ['READ'], targetIds: ['t1'] },
      ],
    });
    expect(Object.isFrozen(oidc?.claimRules[0]?.when)).toBe(true);
  });

  it.each([
    ['{', 'expected a list of rules like [{"when"'],
    ['{"groups": ["ADMIN"]}', 'expected a list of rules'],
    ['[]', 'at least one rule'],
    ['[{"when": {}, "scopes": ["READ"]}]', '[0].when: expected at least one claim'],
    ['[{"when": {"a": "b"}, "scopes": []}]', '[0].scopes: expected at least one scope'],
    ['[{"when": {"a": "b"}}]', '[0].scopes'],
    ['[{"scopes": ["READ"]}]', '[0].when'],
    ['[{"when": {"a": "b"}, "scopes": ["read"]}]', '[0].scopes[0]: expected READ, SCAN, REMEDIATE, ADMIN'],
    ['[{"when": {"a": ["b"]}, "scopes": ["READ"]}]', '[0].when.a'],
    ['[{"when": {"a": ""}, "scopes": ["READ"]}]', '[0].when.a'],
    ['[{"when": {"a": "b"}, "scopes": ["READ"], "targets": []}]', '[0].targets: expected ids of targets'],
    ['[{"when": {"a": "b"}, "scopes": ["READ"], "target": "t1"}]', '"target"'],
  ])('refuses the claim map %s', (TAGWARD_OIDC_CLAIM_MAP, said) => {
    const others = { TAGWARD_OIDC_AUDIENCE: 'tagward', TAGWARD_OIDC_ISSUER: 'https://issuer.example.com' };
    const [fault] = faultsOf({ ...others, TAGWARD_OIDC_CLAIM_MAP });
    expect(fault).toMatchObject({ path: 'TAGWARD_OIDC_CLAIM_MAP', message: expect.stringContaining(said) });
  });

  it('says every fault of a claim map at once', () => {
    const map = '[{"when": {}, "scopes": ["NONE"]}, {"when": {"a": null}, "scopes": ["READ"]}]';
    const [fault] = faultsOf({ TAGWARD_OIDC_CLAIM_MAP: map });
    for (const place of ['[0].when', '[0].scopes[0]', '[1].when.a']) expect(fault?.message).toContain(place);
  });

  it.each([
    'https://me@issuer.example.com',
    'https://issuer.example.com/?a=b',
    'https://issuer.example.com/#a',
  ])('refuses the issuer %s', (TAGWARD_OIDC_ISSUER) => {
    expect(faultsOf({ TAGWARD_OIDC_ISSUER })[0]?.message).toContain(
      'without a user name, a query or a fragment',
    );
  });

  it('does not repeat a password that somebody put into a URL', () => {
    const [fault] = faultsOf({ TAGWARD_PUBLIC_URL: 'https://me:hunter2hunter2@tags.example.com' });

    expect(fault?.message).toContain('without a user name');
    expect(fault?.message).not.toContain('hunter2');
  });

  it('never echoes a secret, whatever is wrong with it', () => {
    const secrets = Object.keys(VARIABLES).filter(
      (name) => (VARIABLES as Record<string, Variable>)[name]?.secret,
    );
    expect(secrets).toContain('REDIS_URL');
    fc.assert(
      fc.property(fc.constantFrom(...secrets), fc.stringMatching(/^[a-z]{12,20}$/), (name, canary) => {
        expect(JSON.stringify(faultsOf({ [name]: canary }))).not.toContain(canary);
        expect(JSON.stringify(describeConfig({ [name]: canary }))).not.toContain(canary);
      }),
    );
  });

  it('gives defaults of the caller only where the environment is silent, and joins the outbound list', () => {
    const defaults = { TAGWARD_OUTBOUND_ALLOW: '127.0.0.1:4510', TAGWARD_LOG_LEVEL: 'warn' };

    expect(loadConfig(defaults, { TAGWARD_LOG_LEVEL: 'debug' })).toMatchObject({
      outboundAllow: ['127.0.0.1:4510'],
      logLevel: 'debug',
    });
    expect(loadConfig(defaults, { TAGWARD_OUTBOUND_ALLOW: 'a.internal' }).outboundAllow).toEqual([
      'a.internal',
      '127.0.0.1:4510',
    ]);
  });

  it('names the secrets it was given', () => {
    const config = loadConfig(
      {},
      {
        TAGWARD_SECRET_KEY: KEY,
        DATABASE_URL: 'postgresql://tagward:p%40ss-word@/tagward?host=/run/postgresql',
        REDIS_URL: 'rediss://:cache-word@redis:6380/1',
      },
    );

    expect(secretsOf(config)).toEqual([KEY, 'p@ss-word', 'cache-word']);
  });
});
