import type { Selectable } from 'kysely';
import type { ResourceRecord, TagRecord } from '#application';
import type { ResourceTable, TagTable } from '../schema.js';
import { scopeOrNull } from './finding.row.js';

interface Placed {
  readonly target_id: string;
  readonly scope: string;
  readonly resource_type: string;
  readonly last_seen_at: Date;
}
export type ResourceRow = Selectable<ResourceTable> & Placed;
export type TagRow = Selectable<TagTable> & Placed & { readonly resource: string };

export function resourceRecord(row: ResourceRow): ResourceRecord {
  return {
    id: String(row.id),
    targetId: row.target_id,
    scope: scopeOrNull(row.scope),
    resource: row.resource,
    resourceType: row.resource_type,
    team: row.team,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    bytes: row.facts?.bytes ?? null,
    layers: row.facts?.layers ?? null,
    containers: row.facts?.containers ?? null,
    manifests: row.facts?.manifests ?? null,
    children: row.facts?.children ?? null,
  };
}

export function tagRecord(row: TagRow): TagRecord {
  return {
    id: String(row.id),
    targetId: row.target_id,
    scope: scopeOrNull(row.scope),
    resource: row.resource,
    resourceType: row.resource_type,
    name: row.name,
    value: row.value,
    digest: row.digest,
    peeled: row.peeled,
    annotated: row.annotated,
    createdAt: row.created_at,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    moves: (row.moves ?? []).map(({ at, from, to }) => ({ at: new Date(at), from, to })),
  };
}
