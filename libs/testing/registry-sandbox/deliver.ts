import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.js';
import type { InjectedRegistryFault } from './registry-faults.js';

export const API_VERSION = { 'docker-distribution-api-version': 'registry/2.0' } as const;

/** A HEAD gets the headers, the length of the body that it does not get among them. */
export function deliver(response: ServerResponse, answer: Answer, method: string): void {
  response.writeHead(answer.status, headersOf(answer));
  response.end(method === 'HEAD' ? undefined : answer.body);
}

/** The length of the whole, a part of it, and the end of the connection. */
export function deliverPart(response: ServerResponse, answer: Answer, part: number): void {
  response.writeHead(answer.status, headersOf(answer));
  const sent = answer.body.subarray(0, Math.floor(answer.body.length * part));
  response.write(sent, () => response.destroy());
}

/** A byte, a while, a byte. */
export async function deliverSlowly(
  response: ServerResponse,
  answer: Answer,
  fault: InjectedRegistryFault,
): Promise<void> {
  response.writeHead(answer.status, headersOf(answer));
  for (const byte of answer.body) {
    if (!(await written(response, Buffer.of(byte)))) return;
    fault.bytesSent += 1;
    await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 100));
  }
  response.end();
}

const DEFAULT_BYTES = 64 * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'a');

/** `{"schemaVersion":2,"padding":"aaaa…`, and no length beforehand. */
export async function deliverHuge(response: ServerResponse, fault: InjectedRegistryFault): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', ...API_VERSION });
  await pour(response, fault, {
    bytes: fault.bytes ?? DEFAULT_BYTES,
    first: START,
    chunk: CHUNK,
    worth: CHUNK.length,
  });
}

const START = Buffer.from('{"schemaVersion":2,"padding":"');
const BOMB_MEMBER = 16 * 1024 * 1024;
let member: Buffer | null = null;

/** A gzip file may be several, one after the other, and each of these is a thousandth of what it unpacks to. https://www.rfc-editor.org/rfc/rfc1952#section-2.2 */
export async function deliverBomb(response: ServerResponse, fault: InjectedRegistryFault): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...API_VERSION });
  member ??= gzipSync(Buffer.alloc(BOMB_MEMBER, 'a'));
  const bytes = fault.bytes ?? DEFAULT_BYTES;
  await pour(response, fault, { bytes, first: gzipSync(START), chunk: member, worth: BOMB_MEMBER });
}

interface Flood {
  /** How much in all, as the client would have it. */
  readonly bytes: number;
  readonly first: Buffer;
  readonly chunk: Buffer;
  /** What a chunk is for the client. */
  readonly worth: number;
}

async function pour(response: ServerResponse, fault: InjectedRegistryFault, flood: Flood): Promise<void> {
  const { first, chunk, worth, bytes } = flood;
  for (let poured = 0; poured < bytes + worth; poured += worth) {
    const next = poured === 0 ? first : chunk;
    if (!(await written(response, next))) return;
    fault.bytesSent += next.length;
  }
  response.end();
}

/** Waits until the client takes more. False: it went away. */
async function written(response: ServerResponse, chunk: Buffer): Promise<boolean> {
  if (response.destroyed) return false;
  return new Promise((resolve) => {
    const onClose = (): void => resolve(false);
    response.once('close', onClose);
    response.write(chunk, (error) => {
      response.off('close', onClose);
      resolve(error === null || error === undefined);
    });
  });
}

function headersOf({ headers, body, status }: Answer): OutgoingHttpHeaders {
  const given = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : [...value],
  ]);
  const length = status === 304 || status === 204 ? {} : { 'content-length': body.length };
  return { ...API_VERSION, ...length, ...Object.fromEntries(given) } as OutgoingHttpHeaders;
}
