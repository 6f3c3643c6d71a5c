import { setTimeout as wait } from 'node:timers/promises';

/** Asks again until there is an answer that is not null. @throws when there was none within `timeoutMs` */
export async function until<T>(ask: () => Promise<T | null>, timeoutMs: number): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`nothing happened within ${timeoutMs} ms`);
    await wait(50);
  }
}
