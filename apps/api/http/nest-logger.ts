import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own words in our log: warnings and errors as such, its start-up chatter at debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(this.fields(message, rest), 'nest');
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(this.fields(message, rest), 'nest');
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(this.fields(message, rest), 'nest');
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(this.fields(message, rest), 'nest');
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(this.fields(message, rest), 'nest');
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(this.fields(message, rest), 'nest');
  }

  private fields(message: unknown, rest: readonly unknown[]) {
    return {
      context: rest.at(-1),
      ...(message instanceof Error ? { err: message } : { message: String(message) }),
    };
  }
}
