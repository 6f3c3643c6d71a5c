import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { notFound } from '#core';
import type { ScanSession, ScanSessionRequest } from '#application';
import { toJson } from '../connection/clean-text.js';
import type { Db } from '../connection/transactions.js';
import { identity } from './identity.js';
import { PartCatalog } from './part-catalog.js';
import { PostgresScanSession } from './postgres-scan-session.js';
import { Seen } from './seen.js';
import { type RuleSet, taken } from './session-context.js';

/** @throws HygieneError NOT_FOUND when there is no such scan, WORKER_LOST when it is not running */
export async function openSession(db: Db, request: ScanSessionRequest): Promise<ScanSession> {
  const { scanId, targetId, at, resources, ownerTag } = request;
  const ruleSet = await internRules(db, request.rules);
  const { rows } = await sql<{ number: number; fence: number; status: string }>`
    update tagward.scan c set observed_at = ${at}
    where c.id = ${scanId} and c.target_id = ${targetId}
    returning c.number, c.fence, c.status
  `.execute(db);
  const [scan] = rows;
  if (scan === undefined) throw notFound('scan', scanId);
  if (scan.status !== 'RUNNING') throw taken(scanId);
  const context = {
    db,
    scanId,
    scanNumber: scan.number,
    fence: scan.fence,
    targetId,
    at,
    ruleSet,
    resources: resources === null ? null : [...new Set(resources.map(identity))],
    ownerTag,
    ownerOf: request.ownerOf ?? null,
    lane: request.lane ?? null,
  };
  return new PostgresScanSession(context, new PartCatalog(db, targetId), new Seen());
}

/** Sets of rules are few and the same from scan to scan: parts refer to them by id. */
async function internRules(db: Db, run: ScanSessionRequest['rules']): Promise<RuleSet> {
  const rules = [...new Set(run.map(({ rulePack, ruleId }) => `${rulePack}/${ruleId}`))].sort();
  const json = toJson(rules);
  const digest = createHash('sha256').update(json).digest('hex');
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into tagward.rule_set (digest, rules)
      select ${digest}, ${json}::jsonb
      where not exists (select from tagward.rule_set s where s.digest = ${digest})
      on conflict do nothing
      returning id
    )
    select s.id from tagward.rule_set s where s.digest = ${digest}
    union all
    select a.id from added a
  `.execute(db);
  const [known] = rows;
  // Another worker stored the same set between the look and the insert: it is there now.
  return known === undefined ? internRules(db, run) : { id: known.id, rules };
}
