import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure.js';
import { Refusal, problem } from './refusal.js';

export interface RestClientOptions {
  /** Of the service, with or without a path: `https://tagward.example.com`. */
  readonly url: URL;
  readonly token: string;
  /** For one request, its answer read. */
  readonly timeoutMs: number;
  /** Told before it waits for a busy service. */
  readonly onWait?: (waitMs: number, status: number) => void;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  readonly path: string;
  /** Text is a rule pack, anything else JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ATTEMPTS = 5;
/** The service says when to come back; nobody sits at a terminal for longer than this. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;
const PAGE = 200;

/** A user of the REST API. Requests that the service is too busy for are repeated, as late as it says. */
export class RestClient {
  constructor(private readonly options: RestClientOptions) {}

  get url(): string {
    return this.options.url.href.replace(/\/+$/, '');
  }

  /** Every row of a list, page by page. @throws as `call` */
  async list<T>(path: string, row: z.ZodType<T>): Promise<T[]> {
    const page = z.object({ items: z.array(row), nextCursor: z.string().nullable() });
    const rows: T[] = [];
    const seen = new Set<string>();
    let address = `${path}?first=${PAGE}`;
    for (;;) {
      const { items, nextCursor } = await this.call({ method: 'GET', path: address }, page);
      rows.push(...items);
      if (nextCursor === null) return rows;
      if (seen.has(nextCursor)) throw new Failure(`${this.url} gives the same page of ${path} again.`);
      seen.add(nextCursor);
      address = `${path}?first=${PAGE}&after=${encodeURIComponent(nextCursor)}`;
    }
  }

  /**
   * One request.
   * @throws Refusal for an answer that is a problem document, Failure when nothing of the kind comes back
   */
  async call<T>(call: Call, answer: z.ZodType<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.send(call);
      if (response.ok) return this.read(response, answer);
      const wait = waitBefore(attempt, response);
      if (wait === null) throw this.refusal(response);
      this.options.onWait?.(wait, response.status);
      await delay(wait);
    }
  }

  private async send({ method, path, body, headers = {} }: Call): Promise<Answer> {
    const { token, timeoutMs } = this.options;
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    try {
      const response = await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          'user-agent': 'tagward-cli',
          ...(body === undefined ? {} : { 'content-type': `${type}; charset=utf-8` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        // A token is for the one service that was named.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { ok, status, headers: answered } = response;
      return { ok, status, headers: answered, text: await response.text() };
    } catch (error) {
      throw new Failure(`${this.url} does not answer: ${reasonOf(error, timeoutMs)}.`, { cause: error });
    }
  }

  private read<T>({ status, text }: Answer, schema: z.ZodType<T>): T {
    const read = schema.safeParse(status === 204 ? undefined : parsed(text));
    if (read.success) return read.data;
    throw new Failure(`${this.url} does not answer as Tagward does; is this its address?`);
  }

  private refusal({ status, headers, text }: Answer): Error {
    const told = problem.safeParse(parsed(text));
    if (told.success) return new Refusal(status, told.data);
    const where = headers.get('location');
    const moved = where === null ? '' : ` It leads on to ${where}; name that address if it is the right one.`;
    return new Failure(`${this.url} answers with ${status}, and not as Tagward does.${moved}`);
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Milliseconds until the next attempt; null when there is to be none. */
function waitBefore(attempt: number, { status, headers }: Answer): number | null {
  if ((status !== 429 && status !== 503) || attempt >= ATTEMPTS) return null;
  const asked = retryAfter(headers.get('retry-after'));
  if (asked === null) return FIRST_WAIT_MS * 2 ** (attempt - 1);
  return asked <= LONGEST_WAIT_MS ? asked : null;
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `nothing came within ${timeoutMs} ms`;
  const { cause } = error as { cause?: unknown };
  const { code, message } = (cause ?? error) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message);
}
