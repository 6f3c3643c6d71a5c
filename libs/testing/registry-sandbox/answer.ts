import { OciError } from './oci-error.js';

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

/** What a request is answered with; of a HEAD only the headers are sent. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function json(value: unknown, headers: AnswerHeaders = {}): Answer {
  return { status: 200, headers: { 'content-type': JSON_TYPE, ...headers }, body: jsonBytes(value) };
}

export const jsonBytes = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

export function empty(status: number, headers: AnswerHeaders = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) };
}

/** What docker-registry says of a path or a method it does not have: no JSON. */
export function plain(status: number, text: string, headers: AnswerHeaders = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: Buffer.from(`${text}\n`),
  };
}

export function failed(error: OciError): Answer {
  const { status, headers, body } = error;
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}
