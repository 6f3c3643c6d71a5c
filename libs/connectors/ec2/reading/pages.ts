import { HygieneError } from '#core';
import { PATIENT } from '#connector-kit';
import type { AwsSession } from '../session/aws-session.js';
import type { Item } from './to-resource.js';

export interface PageRequest {
  readonly region: string;
  readonly operation: string;
  readonly listPath: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  /** MaxResults; null when the action has no pages. */
  readonly pageSize: number | null;
}

/** Filters may leave pages empty, but not for ever. */
const EMPTY_PAGES_MAX = 1_000;

/** The pages of a list, item by item as EC2 gave them. A token that comes again, or no end of empty pages, is REMOTE_REPLY_INVALID. */
export async function* pagesOf(
  session: AwsSession,
  { region, operation, listPath, input, pageSize }: PageRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly Item[], void, undefined> {
  const seen = new Set<string>();
  const limits = pageSize === null ? {} : { MaxResults: pageSize };
  let token: string | null = null;
  let empty = 0;
  do {
    const paged: Readonly<Record<string, unknown>> = {
      ...input,
      ...limits,
      ...(token === null ? {} : { NextToken: token }),
    };
    const reply: Readonly<Record<string, unknown>> = await session.describe({
      ...{ region, operation, input: paged, attempts: PATIENT, signal },
    });
    const items = itemsAt(reply, listPath);
    if (items.length > 0) yield items;
    empty = items.length > 0 ? 0 : empty + 1;
    token = typeof reply['NextToken'] === 'string' && reply['NextToken'] !== '' ? reply['NextToken'] : null;
    if (token !== null && (seen.has(token) || empty > EMPTY_PAGES_MAX)) throw endless(operation, region);
    if (token !== null) seen.add(token);
  } while (token !== null);
}

/** All items at a path of lists: `Reservations.Instances` gives every instance of every reservation. */
function itemsAt(reply: Item, path: readonly string[]): readonly Item[] {
  return path.reduce<readonly Item[]>(
    (parents, member) => parents.flatMap((parent) => listOf(parent[member])),
    [reply],
  );
}

function listOf(value: unknown): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [];
}

export function endless(operation: string, region: string): HygieneError {
  return new HygieneError(
    'REMOTE_REPLY_INVALID',
    `${operation} in ${region} gives the same page again and again, so the list has no end. Nothing of it counts as read. Scan again; if the target has an endpoint, check what answers there.`,
  );
}
