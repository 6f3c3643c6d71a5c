import { Refusal } from '../api/refusal.js';
import type { RestClient } from '../api/rest-client.js';
import {
  credentialRow,
  packRow,
  scheduleRow,
  targetRow,
  viewer,
  type CredentialRow,
  type PackRow,
  type ScheduleRow,
  type TargetRow,
  type ViewerRow,
} from '../api/rows.js';

/** What the service has, by name, as far as it matters. */
export interface ServerState {
  readonly viewer: ViewerRow;
  readonly packs: ReadonlyMap<string, PackRow>;
  readonly targets: ReadonlyMap<string, TargetRow>;
  /** Empty when nobody asked. */
  readonly schedules: ReadonlyMap<string, ScheduleRow>;
  /** null: the token may not list them. */
  readonly credentials: ReadonlyMap<string, CredentialRow> | null;
}

/** @param wants schedules are read only where they matter: not every token may list them */
export async function readServerState(
  client: RestClient,
  wants: { readonly schedules: boolean },
): Promise<ServerState> {
  const who = await client.call({ method: 'GET', path: '/me' }, viewer);
  const [packs, targets, schedules, credentials] = await Promise.all([
    client.list('/rule-packs', packRow),
    client.list('/targets', targetRow),
    wants.schedules ? client.list('/schedules', scheduleRow) : [],
    unlessForbidden(client.list('/credentials', credentialRow)),
  ]);
  return {
    viewer: who,
    packs: byName(packs),
    targets: byName(targets),
    schedules: byName(schedules),
    credentials: credentials === null ? null : byName(credentials),
  };
}

async function unlessForbidden<T>(rows: Promise<T[]>): Promise<T[] | null> {
  try {
    return await rows;
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) return null;
    throw error;
  }
}

const byName = <T extends { readonly name: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.name, row]));
