import { resolve } from 'node:path';
import type { ClaimRule } from '#application';
import type { Fault } from '#core';
import { ConfigError } from './config-error.js';
import { readVariables } from './read-variables.js';
import type { VariableValues } from './variables.js';

/** Everything an operator can set, typed and checked. Frozen. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** null: `http://HOST:PORT` with the port that was bound. */
  readonly publicUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  /** null: made and kept in the data directory. */
  readonly adminToken: string | null;
  /** 32 bytes; null: made and kept in the data directory. */
  readonly secretKey: Uint8Array | null;
  readonly previousSecretKey: Uint8Array | null;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** null: the queue lives in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly outboundAllow: readonly string[];
  readonly localTargets: boolean;
  readonly introspection: boolean;
  readonly readOnly: boolean;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean | number | string;
  readonly retentionDays: number;
  readonly undoDays: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly oidc: {
    readonly issuer: string;
    readonly audience: string;
    readonly claimRules: readonly ClaimRule[];
  } | null;
  readonly smtpUrl: string | null;
  /** The mailbox that mail comes from; set whenever `smtpUrl` is. */
  readonly smtpFrom: string | null;
  readonly otlpEndpoint: string | null;
}

const DEFAULT_PORT = 3000;
const DEFAULT_RETENTION_DAYS = 90;
const DEFAULT_UNDO_DAYS = 7;

/**
 * The configuration of this process, from its environment.
 * @param defaults values for variables that the environment leaves out; lists of both are joined
 * @throws ConfigError with every fault: the variable, what was expected, how to mend it; no secret's value
 */
export function loadConfig(
  defaults: Readonly<Record<string, string>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const { values, faults } = readVariables({ ...defaults, ...joinLists(defaults, environment) });
  const all = [...faults, ...contradictions(values, environment)];
  if (all.length > 0) throw new ConfigError(all);
  return freezeDeep(toConfig(values));
}

function freezeDeep<T extends object>(value: T): T {
  for (const member of Object.values(value) as unknown[]) {
    if (typeof member === 'object' && member !== null && !ArrayBuffer.isView(member)) freezeDeep(member);
  }
  return Object.freeze(value);
}

function joinLists(
  defaults: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const name = 'TAGWARD_OUTBOUND_ALLOW';
  const both = [environment[name], defaults[name]].filter((value) => value !== undefined && value !== '');
  return both.length === 2 ? { ...environment, [name]: both.join(',') } : environment;
}

function contradictions(values: VariableValues, environment: NodeJS.ProcessEnv): Fault[] {
  const faults: Fault[] = [];
  if (
    values.DATABASE_URL !== undefined &&
    values.TAGWARD_SECRET_KEY === undefined &&
    !environment.TAGWARD_SECRET_KEY
  ) {
    faults.push({
      path: 'TAGWARD_SECRET_KEY',
      message:
        'required with DATABASE_URL, so that every process has the same key; make one with: openssl rand -base64 32',
    });
  }
  const oidc = [values.TAGWARD_OIDC_ISSUER, values.TAGWARD_OIDC_AUDIENCE, values.TAGWARD_OIDC_CLAIM_MAP];
  if (oidc.some((value) => value !== undefined) && oidc.some((value) => value === undefined)) {
    faults.push({
      path: 'TAGWARD_OIDC_ISSUER',
      message:
        'set TAGWARD_OIDC_ISSUER, TAGWARD_OIDC_AUDIENCE and TAGWARD_OIDC_CLAIM_MAP together, or none of them',
    });
  }
  if ((values.TAGWARD_SMTP_URL === undefined) !== (values.TAGWARD_SMTP_FROM === undefined)) {
    faults.push({
      path: 'TAGWARD_SMTP_FROM',
      message: 'set TAGWARD_SMTP_URL and TAGWARD_SMTP_FROM together, or none of them',
    });
  }
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    faults.push({
      path: 'NODE_TLS_REJECT_UNAUTHORIZED',
      message:
        'switches certificate checks off for every connection; unset it and give the one target its own CA instead',
    });
  }
  return faults;
}

function toConfig(values: VariableValues): Config {
  const {
    TAGWARD_OIDC_ISSUER: issuer,
    TAGWARD_OIDC_AUDIENCE: audience,
    TAGWARD_OIDC_CLAIM_MAP: claimMap,
  } = values;
  return {
    port: values.PORT ?? DEFAULT_PORT,
    host: values.HOST ?? '127.0.0.1',
    publicUrl: values.TAGWARD_PUBLIC_URL ?? null,
    dataDir: resolve(values.TAGWARD_DATA_DIR ?? '.tagward'),
    adminToken: values.TAGWARD_ADMIN_TOKEN ?? null,
    secretKey: values.TAGWARD_SECRET_KEY ?? null,
    previousSecretKey: values.TAGWARD_SECRET_KEY_PREVIOUS ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    outboundAllow: values.TAGWARD_OUTBOUND_ALLOW ?? [],
    localTargets: values.TAGWARD_LOCAL_TARGETS ?? false,
    introspection: values.TAGWARD_GRAPHQL_INTROSPECTION ?? true,
    readOnly: values.TAGWARD_READ_ONLY ?? false,
    corsOrigins: values.TAGWARD_CORS_ORIGINS ?? [],
    trustProxy: values.TAGWARD_TRUST_PROXY ?? false,
    retentionDays: values.TAGWARD_RETENTION_DAYS ?? DEFAULT_RETENTION_DAYS,
    undoDays: values.TAGWARD_UNDO_DAYS ?? DEFAULT_UNDO_DAYS,
    logLevel: values.TAGWARD_LOG_LEVEL ?? 'info',
    oidc:
      issuer === undefined || audience === undefined || claimMap === undefined
        ? null
        : { issuer, audience, claimRules: claimMap },
    smtpUrl: values.TAGWARD_SMTP_URL ?? null,
    smtpFrom: values.TAGWARD_SMTP_FROM ?? null,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
  };
}
