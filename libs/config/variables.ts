import { isIP } from 'node:net';
import { z } from 'zod';
import { claimMap } from './claim-map.js';

/** A variable's meaning and default, for the operator and the docs; its schema turns text into a value. */
export interface Variable<T extends z.ZodType = z.ZodType> {
  readonly meaning: string;
  /** As the docs say it. */
  readonly default: string;
  /** Its value is never shown: not in faults, not in the description of the configuration. */
  readonly secret?: boolean;
  readonly schema: T;
}

const KEY_BYTES = 32;
const TOKEN_MIN_LENGTH = 32;

const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i;
const HOST_AND_PORT = /^([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

function isAddressOrBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const width = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return (
    more.length === 0 &&
    width > 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width))
  );
}

const text = z.string().min(1, 'expected a value; leave the variable out for the default');
const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'expected true or false' })
  .transform((value) => value === 'true' || value === '1');
const whole = (min: number, max: number, unit: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number of ${unit} from ${min} to ${max}`)
    .transform(Number)
    .refine(
      (value) => value >= min && value <= max,
      `expected a whole number of ${unit} from ${min} to ${max}`,
    );
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const url = (...protocols: readonly string[]) =>
  text.refine(
    (value) => {
      const parsed = URL.parse(value);
      return parsed !== null && protocols.includes(parsed.protocol.slice(0, -1)) && parsed.host !== '';
    },
    `expected a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  );
/** PostgreSQL's own form of a URL, which may leave the host to parameters: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS */
const postgresUrl = text.regex(
  /^postgres(ql)?:\/\/[^\s/]*\/\S+$/,
  'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
);
const plainUrl = url('http', 'https')
  .refine((value) => URL.parse(value)?.username === '', 'expected a URL without a user name')
  .transform((value) => value.replace(/\/+$/, ''));
const origins = list.refine(
  (values) => values.every((value) => URL.parse(value)?.origin === value),
  'expected origins like https://portal.example.com, separated by commas',
);
const secretKey = text.transform((value, context) => {
  const key = Buffer.from(value, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || key.length !== KEY_BYTES) {
    context.addIssue('expected 32 bytes in base64; make one with: openssl rand -base64 32');
  } else if (new Set(key).size < KEY_BYTES / 4) {
    context.addIssue('expected random bytes, not a pattern; make a key with: openssl rand -base64 32');
  }
  return key;
});
const adminToken = text
  .min(
    TOKEN_MIN_LENGTH,
    `expected at least ${TOKEN_MIN_LENGTH} characters; make a token with: openssl rand -base64 32`,
  )
  .refine((value) => new Set(value).size >= 8, 'expected a random token, not a pattern')
  .refine((value) => /^[\x21-\x7e]+$/.test(value), 'expected printable ASCII without spaces');
const trustProxy = text.transform((value, context) => {
  if (value === 'true') return true;
  if (value === 'false') return false;
  if (/^\d{1,2}$/.test(value)) return Number(value);
  if (!value.split(',').every((item) => isAddressOrBlock(item.trim()))) {
    context.addIssue(
      'expected true, false, a number of proxies, or their addresses or CIDR blocks, separated by commas',
    );
  }
  return value;
});
const outbound = list.refine(
  (entries) => entries.every((entry) => isAddressOrBlock(entry) || HOST_AND_PORT.test(entry)),
  'expected host names, host:port, addresses or CIDR blocks such as 10.0.0.0/8, separated by commas',
);
const listenAddress = text.refine(
  (value) => isIP(value) !== 0 || HOST_NAME.test(value),
  'expected an address or a host name, without a scheme or a port',
);
/** Kept as it is written, as `iss` is compared letter by letter. Keys of tokens come from there: only this machine may do without TLS. */
const issuer = url('http', 'https')
  .refine((value) => !/[?#@\s]/.test(value), 'expected a URL without a user name, a query or a fragment')
  .refine(
    (value) =>
      value.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(value),
    'expected a URL that begins with https://',
  );
/** Every variable that Tagward reads. */
export const VARIABLES = {
  PORT: {
    meaning: 'Port the API listens on; 0 takes any free one',
    default: '3000',
    schema: whole(0, 65_535, 'a port'),
  },
  HOST: { meaning: 'Address the API listens on', default: '127.0.0.1', schema: listenAddress },
  TAGWARD_DATA_DIR: {
    meaning: 'Embedded database, caches, report files',
    default: '.tagward',
    schema: text,
  },
  TAGWARD_ADMIN_TOKEN: {
    meaning: 'A bootstrap token with every scope',
    default: 'none: the first start makes one, keeps it in the data directory and prints it once',
    secret: true,
    schema: adminToken,
  },
  TAGWARD_SECRET_KEY: {
    meaning: '32 bytes, base64: encrypts stored credentials',
    default: 'with the embedded database: made and kept in the data directory; with DATABASE_URL: required',
    secret: true,
    schema: secretKey,
  },
  TAGWARD_SECRET_KEY_PREVIOUS: {
    meaning: 'The old key while credentials are re-encrypted',
    default: 'none',
    secret: true,
    schema: secretKey,
  },
  DATABASE_URL: {
    meaning: 'PostgreSQL 14 or newer of your own',
    default: 'the embedded one',
    secret: true,
    schema: postgresUrl,
  },
  REDIS_URL: {
    meaning: 'The queue on Redis (maxmemory-policy noeviction)',
    default: 'the queue lives in PostgreSQL',
    secret: true,
    schema: url('redis', 'rediss'),
  },
  TAGWARD_PUBLIC_URL: {
    meaning: 'What links and reports say',
    default: 'http://HOST:PORT',
    schema: plainUrl,
  },
  TAGWARD_OUTBOUND_ALLOW: {
    meaning: 'Hosts, host:port and CIDR blocks in private ranges that targets may reach, separated by commas',
    default: 'none',
    schema: outbound,
  },
  TAGWARD_LOCAL_TARGETS: {
    meaning: 'Allow file:// remotes and local engine sockets',
    default: 'false',
    schema: flag,
  },
  TAGWARD_GRAPHQL_INTROSPECTION: {
    meaning: 'Introspection and the explorer (a token is needed all the same)',
    default: 'true',
    schema: flag,
  },
  TAGWARD_READ_ONLY: { meaning: 'No plan is ever applied', default: 'false', schema: flag },
  TAGWARD_CORS_ORIGINS: {
    meaning: 'Origins of portals in browsers, separated by commas',
    default: 'none',
    schema: origins,
  },
  TAGWARD_TRUST_PROXY: {
    meaning: 'Proxies in front: true, how many, or their addresses',
    default: 'none',
    schema: trustProxy,
  },
  TAGWARD_RETENTION_DAYS: {
    meaning: 'Days that scan details and deliveries are kept (findings history and audit stay)',
    default: '90',
    schema: whole(1, 3_650, 'days'),
  },
  TAGWARD_UNDO_DAYS: { meaning: 'Days that parked copies stay', default: '7', schema: whole(1, 90, 'days') },
  TAGWARD_LOG_LEVEL: {
    meaning: 'Least level that is logged: debug, info, warn, error',
    default: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error'], { error: 'expected debug, info, warn or error' }),
  },
  TAGWARD_OIDC_ISSUER: {
    meaning: 'Takes bearer tokens of this identity provider; exactly what `iss` of its tokens says',
    default: 'off',
    schema: issuer,
  },
  TAGWARD_OIDC_AUDIENCE: {
    meaning: 'What `aud` of those tokens must name',
    default: 'off',
    schema: text,
  },
  TAGWARD_OIDC_CLAIM_MAP: {
    meaning: 'JSON: which claims give which scopes; the first rule that holds decides',
    default: 'off',
    schema: claimMap,
  },
  TAGWARD_SMTP_URL: {
    meaning: 'E-mail out: smtps://USER:PASSWORD@HOST, or smtp:// with STARTTLS',
    default: 'off',
    secret: true,
    schema: url('smtp', 'smtps'),
  },
  TAGWARD_SMTP_FROM: {
    meaning: 'The mailbox that e-mail comes from; with TAGWARD_SMTP_URL: required',
    default: 'none',
    schema: z.email('expected a mailbox like tagward@example.com').max(254),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: { meaning: 'Traces', default: 'off', schema: plainUrl },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
export type VariableValues = { readonly [N in VariableName]?: z.output<(typeof VARIABLES)[N]['schema']> };
