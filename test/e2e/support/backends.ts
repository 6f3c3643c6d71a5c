import { realServer, testDatabase } from '#testing';

export interface BackendUnderTest {
  /** Environment of the service. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

export const SECRET_KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => (n * 37) % 251)).toString(
  'base64',
);

/** The queue on the embedded PostgreSQL, and PostgreSQL of the operator's with the queue on Redis. */
export const BACKENDS: Readonly<Record<string, () => Promise<BackendUnderTest | null>>> = {
  embedded: async () => ({ env: {}, close: async () => {} }),
  'PostgreSQL and Redis': async () => {
    const redis = await realServer('redis', { spec: import.meta.url });
    if (redis === null) return null;
    const database = await testDatabase();
    return {
      env: { DATABASE_URL: database.url, REDIS_URL: redis.url, TAGWARD_SECRET_KEY: SECRET_KEY },
      async close() {
        await redis.stop();
        await database.drop();
      },
    };
  },
};
