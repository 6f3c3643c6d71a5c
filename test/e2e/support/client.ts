import { ADMIN_TOKEN } from './service.js';
import { until } from './until.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what a stranger's client sees: plain JSON
}

/** A user of the API: GraphQL and REST over HTTP, nothing else. */
export class Client {
  constructor(
    readonly url: string,
    readonly token: string | null = ADMIN_TOKEN,
  ) {}

  async rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const text = typeof body === 'string';
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': text ? 'application/yaml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: parse(await response.text()) };
  }

  async graphql(query: string, variables: Record<string, unknown> = {}): Promise<Reply['body']> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return parse(await response.text());
  }

  /** The data of a query that is expected to work. */
  async data(query: string, variables: Record<string, unknown> = {}): Promise<Reply['body']> {
    const { data, errors } = await this.graphql(query, variables);
    if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
    return data;
  }

  /** Starts a scan and waits for its end. */
  async scan(targetId: string, more: Record<string, unknown> = {}): Promise<Reply['body']> {
    const started = await this.rest('POST', '/scans', { targetId, ...more });
    if (started.status !== 202) throw new Error(JSON.stringify(started.body));
    return this.scanEnd(started.body.id);
  }

  async scanEnd(id: string): Promise<Reply['body']> {
    return until(async () => {
      const { body } = await this.rest('GET', `/scans/${id}`);
      return ['QUEUED', 'RUNNING'].includes(body.status) ? null : body;
    }, 60_000);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
