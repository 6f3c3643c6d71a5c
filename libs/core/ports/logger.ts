/** What libs log through. Messages are static sentences; what varies goes in `fields`. Secrets in neither. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
