import { HygieneError } from '#core';
import { z } from 'zod';

const mailbox = z.email().max(254);

/** One plain mailbox, `name@host`: nothing that could add a header or a recipient. @throws HygieneError INPUT_INVALID */
export function parseMailbox(text: string): string {
  const parsed = mailbox.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = 'expected one mailbox like platform-team@example.com';
  throw new HygieneError('INPUT_INVALID', `address: ${message}.`, {
    faults: [{ path: 'address', message }],
  });
}
