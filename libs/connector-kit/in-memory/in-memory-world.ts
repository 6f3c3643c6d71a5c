import type { ErrorCode, Platform, ReadUnit, Resource } from '#core';

/** What an in-memory connector finds and how it misbehaves. Change it between calls as the real world would. */
export interface InMemoryWorld {
  readonly platform: Platform;
  resources: Resource[];
  /** Units that are there though they hold nothing. */
  emptyUnits: ReadUnit[];
  /** Units that cannot be read, by `unitKey`, and why. */
  readonly broken: Map<string, ErrorCode>;
  /** The password that opens it; null lets everybody in. */
  password: string | null;
  reachable: boolean;
  /** No call is answered any more. */
  hanging: boolean;
  /** Its scopes are many and independent: connectors that are opened list them. */
  scoped: boolean;
  /** Why the list of scopes ends after its first half; null: it is whole. */
  catalogFault: ErrorCode | null;
}

export function inMemoryWorld(resources: readonly Resource[], platform: Platform = 'ec2'): InMemoryWorld {
  return {
    platform,
    resources: [...resources],
    emptyUnits: [],
    broken: new Map(),
    password: null,
    reachable: true,
    hanging: false,
    scoped: false,
    catalogFault: null,
  };
}

export function unitKey({ scope, resourceType }: ReadUnit): string {
  return JSON.stringify([scope, resourceType]);
}
