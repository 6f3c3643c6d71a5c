import { ConfigError, type Config, loadConfig, secretsOf } from '#config';
import { HygieneError } from '#core';
import { createLogger, type AppLogger } from '#observability';

/** sysexits(3) EX_CONFIG. */
const EXIT_CONFIG = 78;
const EXIT_FAULT = 1;

export interface Stoppable {
  stop(): Promise<void>;
}

export interface RunOptions<S extends Stoppable> {
  /** What is set for this run beside the environment; the environment wins. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** @param onLost the database went away for good: the process ends with 1 */
  readonly start: (config: Config, logger: AppLogger, onLost: (error: Error) => void) => Promise<S>;
  /** Called once the service is ready; when it returns true the process stops again and exits 0. */
  readonly onReady: (service: S, config: Config, logger: AppLogger) => Promise<boolean>;
}

/**
 * Starts the service and serves until SIGINT, SIGTERM or a fault. Never returns: it ends the process with 0 (clean stop),
 * 78 (bad configuration, every fault listed) or 1 (anything else, with a sentence that says what to mend).
 */
export async function runUntilStopped<S extends Stoppable>({
  defaults = {},
  start,
  onReady,
}: RunOptions<S>): Promise<never> {
  const stopped = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve(0));
  let service: S | null = null;
  let code: number;
  try {
    const config = loadConfig(defaults);
    const logger = createLogger({ ...config, secrets: secretsOf(config) });
    service = await start(config, logger, (error) => {
      logger.error({ err: error }, 'the database is gone; the service stops');
      stopped.resolve(EXIT_FAULT);
    });
    const finished = onReady(service, config, logger).then((stop) => (stop ? 0 : stopped.promise));
    code = await Promise.race([stopped.promise, finished]);
  } catch (error) {
    code = explain(error);
  }
  try {
    await service?.stop();
  } catch (error) {
    code = explain(error);
  }
  process.exit(code);
}

function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    console.error(error.message);
    return EXIT_CONFIG;
  }
  console.error(error instanceof HygieneError ? error.message : error);
  return EXIT_FAULT;
}
