import { pino, type DestinationStream, type LoggerOptions, type Logger as PinoLogger } from 'pino';

/** pino's logger; libs see only the core's `Logger` of it. */
export type AppLogger = PinoLogger;

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

/**
 * JSON lines on standard output, one per event: control characters of what is logged are escaped, fields that hold secrets say
 * `[redacted]`.
 * @param options.destination where lines go; standard output unless given
 */
export function createLogger(options: { logLevel: string; destination?: DestinationStream }): AppLogger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const settings: LoggerOptions = {
    level: options.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '[redacted]' },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
