import type { IncomingMessage } from 'node:http';

/** Every value of every header, by lower-case name: `headers` joins some that come twice and drops others. */
export function distinctHeaders({ rawHeaders }: IncomingMessage): Record<string, string[] | undefined> {
  const headers = Object.create(null) as Record<string, string[] | undefined>;
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    const name = (rawHeaders[n] ?? '').toLowerCase();
    (headers[name] ??= []).push(rawHeaders[n + 1] ?? '');
  }
  return headers;
}
