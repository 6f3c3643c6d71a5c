import type { Readable } from 'node:stream';
import { STOPPING, type LiveSession } from './live-sessions.js';

/** Cuts a long answer off once its token is no longer good; one that is under way when the service stops is let go on. */
export function endWithToken(answer: Readable, session: LiveSession): void {
  const { ended } = session;
  const cutOff = (): void => {
    if (ended.reason !== STOPPING) answer.destroy(ended.reason as Error);
  };
  ended.addEventListener('abort', cutOff, { once: true });
  answer.once('close', () => {
    ended.removeEventListener('abort', cutOff);
    session.release();
  });
}
