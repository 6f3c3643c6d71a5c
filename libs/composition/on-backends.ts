import type { UseCaseDependencies } from '#application';
import { ConfigError, type Config } from '#config';
import type { AppLogger } from '#observability';
import { openBackends, type Backends } from './backends.js';
import { settleAddress, type SettledConfig } from './public-address.js';
import type { Stoppable } from './run-until-stopped.js';
import { useCaseDependencies } from './use-cases.js';

/** What an app gets to start its parts with. */
export interface Foundation {
  readonly backends: Backends;
  readonly deps: UseCaseDependencies;
  readonly config: SettledConfig;
  readonly logger: AppLogger;
}

/**
 * Opens what the service stands on, starts an app on it, and closes all of it when the app stops or cannot start.
 * @param onLost the database went away for good (the embedded server exited): the process should end
 * @throws HygieneError that says what to mend: a port in use, a locked data directory, a database that does not answer
 */
export async function onBackends<S extends Stoppable>(
  config: Config,
  logger: AppLogger,
  onLost: (error: Error) => void,
  start: (foundation: Foundation) => Promise<S>,
): Promise<S> {
  const backends = await openBackends(config, logger, onLost);
  try {
    const settled = await settleAddress(config);
    const deps = await useCaseDependencies(backends, settled, logger);
    const app = await start({ backends, deps, config: settled, logger });
    return {
      ...app,
      async stop() {
        await app.stop();
        await backends.close();
      },
    };
  } catch (error) {
    await backends.close();
    throw error;
  }
}

/** As `onBackends`, for an app that is one process of several: they meet in a PostgreSQL that all of them reach. @throws ConfigError without one */
export async function onSharedBackends<S extends Stoppable>(
  ...[config, logger, onLost, start]: Parameters<typeof onBackends<S>>
): Promise<S> {
  if (config.databaseUrl === null) {
    throw new ConfigError([
      {
        path: 'DATABASE_URL',
        message:
          'required by an API or a worker apart: the embedded database is of one process alone; give every process the same PostgreSQL, or run both in one with: npm start',
      },
    ]);
  }
  return onBackends(config, logger, onLost, start);
}
