import Negotiator from 'negotiator';
import { HttpFault } from '../errors/http-fault.js';

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
export const CSV_TYPE = 'text/csv';
export const YAML_TYPE = 'application/yaml';
export const SARIF_TYPE = 'application/sarif+json';
export const JUNIT_TYPE = 'application/junit+xml';
export const EVENT_STREAM_TYPE = 'text/event-stream';

/** @throws HttpFault 406 that names what there is */
export function negotiate(accept: string | undefined, offered: readonly string[]): string {
  const chosen = new Negotiator({ headers: { accept: accept ?? '*/*' } }).mediaType([...offered]);
  if (chosen !== undefined) return chosen;
  throw new HttpFault(
    406,
    'INPUT_INVALID',
    `None of the accepted media types is served here; there is ${offered.join(', ')}.`,
  );
}
