import { sql } from 'kysely';
import type { DetectedFinding, PointerFact, ReadUnit, Resource } from '#core';
import type { FindingCounts, ScanSession, SparedFindings } from '#application';
import { finishSession } from './finish-session.js';
import { type FindingInput, writeFindings } from './finding-writer.js';
import { identity } from './identity.js';
import type { PartCatalog } from './part-catalog.js';
import type { Db } from '../connection/transactions.js';
import { mergeResources } from './merge-resources.js';
import { countAround, otherParts, settleGoneParts, suspectParts } from './other-scopes.js';
import { pointerHistory } from './pointer-history.js';
import { writeResources } from './resource-writer.js';
import type { Seen } from './seen.js';
import { inBatch, type SessionContext } from './session-context.js';
import { type TagBatch, tagBatches } from './tag-batches.js';
import { type WrittenTags, writeTags } from './tag-writer.js';
import { noteRead, ofUnit, partsOfUnit, settlePart } from './unit-completion.js';

/** A batch of resources with more tags is written in several transactions: none is long, whatever a repository holds. */
const TAGS_A_TRANSACTION = 20_000;
const FINDINGS_A_STATEMENT = 2_000;

type WrittenBatch = WrittenTags & { readonly partId: number };

/** Writes what one scan reads; calls come one after the other. See `ScanSession` for the promises. */
export class PostgresScanSession implements ScanSession {
  constructor(
    private readonly context: SessionContext,
    private readonly parts: PartCatalog,
    private readonly seen: Seen,
  ) {}

  async recordResources(_unit: ReadUnit, resources: readonly Resource[]): Promise<void> {
    if (resources.length === 0) return;
    const merged = mergeResources(resources, this.context);
    const partIds = await this.parts.resolve(merged);
    const inputs = merged.map(({ resource, createdAt, team, facts }, i) => ({
      partId: partIds[i] ?? 0,
      resource,
      createdAt,
      team,
      facts,
    }));
    const isLarge = resources.reduce((sum, { tags }) => sum + tags.length, 0) > TAGS_A_TRANSACTION;
    const { ids, tags } = await inBatch(this.context, async (db) => {
      const ids = await writeResources(db, this.context, inputs);
      const tags: WrittenBatch[] = [];
      if (!isLarge)
        for (const batch of tagBatches(merged, partIds, ids)) tags.push(await this.writeBatch(db, batch));
      return { ids, tags };
    });
    ids.forEach((id, i) => this.seen.of(partIds[i] ?? 0).resources.add([id]));
    tags.forEach((batch) => this.note(batch));
    if (!isLarge) return;
    for (const batch of tagBatches(merged, partIds, ids))
      this.note(await inBatch(this.context, (db) => this.writeBatch(db, batch)));
  }

  async history(resources: readonly Resource[], facts: ReadonlySet<PointerFact>) {
    const partIds = await this.parts.resolve(resources.map(storedPart));
    return inBatch(this.context, (db) => pointerHistory(db, this.context, { resources, partIds }, facts));
  }

  async recordFindings(
    _unit: ReadUnit,
    findings: readonly (DetectedFinding & { readonly id: string })[],
  ): Promise<void> {
    if (findings.length === 0) return;
    const distinct = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
    const partIds = await this.parts.resolve(distinct.map(storedPart));
    const inputs: FindingInput[] = distinct.map((finding, i) => ({ ...finding, partId: partIds[i] ?? 0 }));
    const written = await inBatch(this.context, async (db) => {
      const keys: { key: number; partId: number }[] = [];
      for (let start = 0; start < inputs.length; start += FINDINGS_A_STATEMENT) {
        keys.push(
          ...(await writeFindings(db, this.context, inputs.slice(start, start + FINDINGS_A_STATEMENT))),
        );
      }
      return keys;
    });
    for (const { key, partId } of written) this.seen.of(partId).findings.add([key]);
  }

  async tagCounts(unit: ReadUnit) {
    const { ids, suspected } = await partsOfUnit(this.context, unit);
    const rows = ids.map((id) => this.seen.of(id));
    const added = rows.reduce((sum, { addedTags }) => sum + addedTags, 0);
    const seen = rows.reduce((sum, { tags }) => sum + tags.sorted().length, 0);
    return { before: Math.max(0, (await this.presentTags(ids)) - added), seen, suspected };
  }

  async suspectUnit(unit: ReadUnit): Promise<void> {
    await inBatch(this.context, async (db) => {
      await sql`
        update tagward.read_part p set suspected_scan = ${this.context.scanNumber}
        where ${ofUnit(this.context.targetId, unit)}
      `.execute(db);
    });
  }

  async completeUnit(unit: ReadUnit, spared: SparedFindings | null = null): Promise<void> {
    const { ids } = await partsOfUnit(this.context, unit);
    if (ids.length === 0) return;
    await inBatch(this.context, async (db) => {
      for (const id of ids) await settlePart(db, this.context, { seen: this.seen.of(id), spared }, id);
      if (this.context.resources === null) await noteRead(db, this.context, ids);
      else
        await sql`update tagward.read_part p set suspected_scan = null where p.id = any(${[...ids]}::int[])`.execute(
          db,
        );
    });
    this.seen.forget(ids);
  }

  async countOtherScopes(told: ReadonlySet<string>) {
    const others = await otherParts(this.context, told);
    if (others.length === 0) return { parts: 0, before: 0, seen: 0 };
    return { parts: others.length, ...(await countAround(this.context, others)) };
  }

  async suspectOtherScopes(told: ReadonlySet<string>): Promise<void> {
    const others = await otherParts(this.context, told);
    await suspectParts(
      this.context,
      others.map(({ id }) => id),
    );
  }

  async completeOtherScopes(told: ReadonlySet<string>): Promise<void> {
    const ids = (await otherParts(this.context, told)).map(({ id }) => id);
    await settleGoneParts(this.context, ids);
    this.seen.forget(ids);
  }

  async finish(
    storedRules: readonly { readonly rulePack: string; readonly ruleId: string }[],
  ): Promise<FindingCounts> {
    return finishSession(this.context, storedRules);
  }

  private async writeBatch(db: Db, { partId, inputs }: TagBatch): Promise<WrittenBatch> {
    return { partId, ...(await writeTags(db, this.context, partId, inputs)) };
  }

  private note({ partId, ids, added }: WrittenBatch): void {
    const part = this.seen.of(partId);
    part.tags.add(ids);
    part.addedTags += added;
  }

  private async presentTags(partIds: readonly number[]): Promise<number> {
    const { db, resources } = this.context;
    const limited = sql`and t.resource_id in (
      select r.id from tagward.resource r
      where r.part_id = any(${[...partIds]}::int[]) and r.resource = any(${[...(resources ?? [])]}::text[])
    )`;
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from tagward.tag t
      where t.part_id = any(${[...partIds]}::int[]) and t.missing_since is null ${resources === null ? sql`` : limited}
    `.execute(db);
    return rows[0]?.count ?? 0;
  }
}

function storedPart({ scope, resourceType }: { scope: string; resourceType: string }) {
  return { scope: identity(scope), resourceType: identity(resourceType) };
}
