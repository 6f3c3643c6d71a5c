import { pino, type DestinationStream, type LoggerOptions, type Logger as PinoLogger } from 'pino';

/** pino's logger; libs see only the core's `Logger` of it. */
export type AppLogger = PinoLogger;

const CENSOR = '[redacted]';
/** Shorter texts turn up by chance. */
const SHORTEST_SECRET = 8;
/** Where a secret may stand in a logged object, one level deep or two. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'sealedSecret',
  'token',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'privateKey',
  'passphrase',
  'connectionString',
];

export interface LoggerSettings {
  readonly logLevel: string;
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream;
  /** Texts that no line shows, wherever they stand in it: the operator's own passwords and tokens. */
  readonly secrets?: readonly string[];
}

/**
 * JSON lines on standard output, one per event: control characters of what is logged are escaped, fields that hold secrets say
 * `[redacted]`, and so do the given secrets wherever they turn up.
 */
export function createLogger(options: LoggerSettings): AppLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const forms = (options.secrets ?? []).filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf);
  const settings: LoggerOptions = {
    level: options.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: CENSOR },
    hooks: {
      streamWrite: (line) => forms.reduce((text, form) => text.replaceAll(form, CENSOR), line),
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** As it is, as JSON writes it, in a URL and in base64; the longest first, so that none leaves a rest of another. */
function formsOf(secret: string): string[] {
  const written = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    written,
    encodeURIComponent(secret.toWellFormed()),
    Buffer.from(secret).toString('base64'),
  ];
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}
