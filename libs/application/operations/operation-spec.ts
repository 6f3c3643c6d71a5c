import type { z } from 'zod';
import type { Scope } from '../records/access.js';

/** Where REST offers an operation, under `/api/v1`. `{name}` in the path is an input field of that name; the rest comes from query or body. */
export interface RestDoor {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  /** The status of success. */
  readonly status: 200 | 201 | 202 | 204;
}

/** One operation as data: both doors, OpenAPI and the authorisation matrix are made from it. */
export interface OperationSpec<Input extends z.ZodType = z.ZodType> {
  /** One sentence for API docs. */
  readonly summary: string;
  readonly kind: 'query' | 'mutation';
  /** Heading in the API docs; the REST noun. */
  readonly noun: string;
  /** The scope it takes; null: any authenticated caller. */
  readonly scope: Scope | null;
  /** What a token narrowed to some targets may do with it: see its targets only, or nothing. */
  readonly narrowed: 'filtered' | 'refused';
  /** The action of the audit event a mutation leaves; null for queries. */
  readonly audit: string | null;
  /** In REST the list is paged with `Link`; in GraphQL it is a connection. */
  readonly paged: boolean;
  readonly rest: RestDoor;
  readonly input: Input;
}
