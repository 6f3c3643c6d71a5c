import { sql } from 'kysely';
import { requireReference } from '../connection/constraint-errors.js';
import type { Db } from '../connection/transactions.js';

export interface PartKey {
  readonly scope: string;
  readonly resourceType: string;
}

/** Ids of the parts (one resource type of one scope) of one target, made when first met. */
export class PartCatalog {
  private readonly ids = new Map<string, number>();

  constructor(
    private readonly db: Db,
    private readonly targetId: string,
  ) {}

  /** In the order of `keys`. */
  async resolve(keys: readonly PartKey[]): Promise<readonly number[]> {
    for (;;) {
      const unknown = new Map<string, PartKey>();
      for (const key of keys) if (!this.ids.has(text(key))) unknown.set(text(key), key);
      if (unknown.size === 0) return keys.map((key) => this.ids.get(text(key)) ?? 0);
      await this.load([...unknown.values()]);
    }
  }

  /** One that another worker makes at the same moment is found by the next call. */
  private async load(keys: readonly PartKey[]): Promise<void> {
    const scopes = keys.map(({ scope }) => scope);
    const types = keys.map(({ resourceType }) => resourceType);
    const statement = sql<{ id: number; scope: string; resource_type: string }>`
      with wanted as (
        select w.scope, w.resource_type from unnest(${scopes}::text[], ${types}::text[]) as w(scope, resource_type)
      ),
      known as (
        select p.id, p.scope, p.resource_type
        from tagward.read_part p
        join wanted w on w.scope = p.scope and w.resource_type = p.resource_type
        where p.target_id = ${this.targetId}
      ),
      added as (
        insert into tagward.read_part (target_id, scope, resource_type)
        select ${this.targetId}, w.scope, w.resource_type
        from wanted w
        where not exists (select from known k where k.scope = w.scope and k.resource_type = w.resource_type)
        on conflict do nothing
        returning id, scope, resource_type
      )
      select k.id, k.scope, k.resource_type from known k
      union all
      select a.id, a.scope, a.resource_type from added a
    `.execute(this.db);
    const { rows } = await requireReference('target', this.targetId, 'read_part_target_fkey', statement);
    for (const row of rows) this.ids.set(text({ scope: row.scope, resourceType: row.resource_type }), row.id);
  }
}

function text({ scope, resourceType }: PartKey): string {
  return JSON.stringify([scope, resourceType]);
}
