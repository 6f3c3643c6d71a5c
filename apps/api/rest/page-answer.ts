import type { Page } from '#application';
import { HygieneError } from '#core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../http/path-of.js';

export interface PageAnswer {
  readonly page: Page<unknown>;
  readonly presentAll: (rows: readonly unknown[]) => Promise<unknown[]>;
  readonly withTotal: boolean;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One page of a list, with the address of the next: https://www.rfc-editor.org/rfc/rfc8288 */
export async function answerPage({ page, presentAll, withTotal, request, reply }: PageAnswer) {
  const nextCursor = page.hasNextPage ? (page.edges.at(-1)?.cursor ?? null) : null;
  if (nextCursor !== null) void reply.header('link', `<${nextAddress(request.url, nextCursor)}>; rel="next"`);
  return {
    items: await presentAll(page.edges.map(({ node }) => node)),
    nextCursor,
    hasNextPage: page.hasNextPage,
    ...(withTotal ? { total: await page.totalCount() } : {}),
  };
}

export function readTotal(request: FastifyRequest): boolean {
  const { total } = request.query as Record<string, unknown>;
  if (total === undefined || total === 'false') return false;
  if (total === 'true') return true;
  throw new HygieneError('INPUT_INVALID', 'total: expected true or false', {
    faults: [{ path: 'total', message: 'expected true or false' }],
  });
}

/** Relative, so that it says nothing of hosts. */
function nextAddress(url: string, cursor: string): string {
  const path = pathOf(url);
  const query = new URLSearchParams(url.slice(path.length + 1));
  query.set('after', cursor);
  return `${path}?${query.toString()}`;
}
