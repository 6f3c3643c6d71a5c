import type { z } from 'zod';
import type { Scope } from '../records/access.js';
import type { OperationSpec, RestDoor } from './operation-spec.js';

/** An operation that changes nothing. */
export const query = <I extends z.ZodType>(
  scope: Scope | null,
  path: RestDoor['path'],
  input: I,
  rest: {
    noun: string;
    summary: string;
    paged?: boolean;
    narrowed?: 'filtered' | 'refused';
    method?: RestDoor['method'];
  },
): OperationSpec<I> => ({
  summary: rest.summary,
  kind: 'query',
  noun: rest.noun,
  scope,
  narrowed: rest.narrowed ?? 'filtered',
  audit: null,
  paged: rest.paged ?? false,
  rest: { method: rest.method ?? 'GET', path, status: 200 },
  input,
});

/** An operation that changes something, and is audited. */
export const mutation = <I extends z.ZodType>(
  scope: Scope,
  rest: readonly [RestDoor['method'], RestDoor['path'], RestDoor['status']],
  input: I,
  more: { noun: string; summary: string; audit: string; narrowed?: 'filtered' | 'refused' },
): OperationSpec<I> => ({
  summary: more.summary,
  kind: 'mutation',
  noun: more.noun,
  scope,
  narrowed: more.narrowed ?? 'filtered',
  audit: more.audit,
  paged: false,
  rest: { method: rest[0], path: rest[1], status: rest[2] },
  input,
});
