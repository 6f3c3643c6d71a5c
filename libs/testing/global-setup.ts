import { startTestServer, TEST_DATABASE_VARIABLE } from './postgres.js';

/** vitest's global set-up: one PostgreSQL for all spec files of a run, unless the environment names one. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[TEST_DATABASE_VARIABLE] !== undefined) return undefined;
  const server = await startTestServer();
  process.env[TEST_DATABASE_VARIABLE] = server.url;
  return async () => {
    Reflect.deleteProperty(process.env, TEST_DATABASE_VARIABLE);
    await server.stop();
  };
}
