import { socketClient, type Closing } from './socket-client.js';

export interface Told {
  /** The code of the first error, `UNAUTHENTICATED` when the door was closed; null when a state came. */
  readonly code: string | null;
  /** The first thing that came, as it came. */
  readonly first: unknown;
}

/** Subscribes as a portal does, and leaves after the first thing that it is told. */
export async function subscribe(url: string, query: string, token: string | null): Promise<Told> {
  const socket = socketClient(url, { token });
  try {
    const first = await Promise.race([
      socket.subscribe(query).next().catch(asErrors),
      socket.closed.then(asClosing),
    ]);
    const errors = errorsOf(first);
    return { code: errors === undefined ? null : (errors[0]?.extensions?.code ?? 'none'), first };
  } finally {
    await socket.client.dispose();
  }
}

type Errors = readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];

function errorsOf(first: unknown): Errors | undefined {
  return ((first as { value?: { errors?: Errors } }).value ?? {}).errors;
}

/** What the server sends as an error is thrown by the client. */
function asErrors(thrown: unknown): { value: { errors: Errors } } {
  if (Array.isArray(thrown)) return { value: { errors: thrown as Errors } };
  return { value: { errors: [asError(thrown as Closing)] } };
}

function asClosing(closing: Closing): { value: { errors: Errors } } {
  return { value: { errors: [asError(closing)] } };
}

function asError({ code, reason }: Closing): Errors[number] {
  return {
    message: String(reason),
    extensions: { code: code === 4401 ? 'UNAUTHENTICATED' : `closed ${code}` },
  };
}
