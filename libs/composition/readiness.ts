import type { Backends } from './backends.js';

/** Do the database and the queue answer? Never throws. */
export async function readiness({ database, queue }: Backends) {
  const [databaseCheck, queueCheck] = await Promise.all([
    check(() => database.ping()),
    check(() => queue.ping()),
  ]);
  return { ok: databaseCheck.ok && queueCheck.ok, checks: { database: databaseCheck, queue: queueCheck } };
}

async function check(ping: () => Promise<void>): Promise<{ ok: boolean; detail?: string }> {
  try {
    await ping();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'no answer' };
  }
}
