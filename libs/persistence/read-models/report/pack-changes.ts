import { sql } from 'kysely';
import type { PackChange } from '#application';
import type { Db } from '../../connection/transactions.js';
import { titleKey } from './counts-by-rule.js';
import type { Period } from './period.js';

const CHANGES = 500;

/** One moment of a pack: a version that was stored, or its removal. */
interface Moment {
  readonly name: string;
  /** null: it was removed. */
  readonly version: number | null;
  readonly at: Date;
  readonly by: string;
  readonly rules: readonly string[];
  /** null: there was no such pack right before. */
  readonly version_before: number | null;
  readonly rules_before: readonly string[] | null;
}

/** Versions come from the packs, removals from the audit log, which alone says who. */
export async function packChanges(db: Db, { from, to }: Period): Promise<PackChange[]> {
  const { rows } = await sql<Moment>`
    with moments as (
      select v.name, v.version, v.created_at as at, v.created_by as by,
        array(select r ->> 'key' from jsonb_array_elements(v.rules) as r) as rules
      from tagward.rule_pack_version v
      where v.created_at < ${to} and v.version >= coalesce(
        (select max(b.version) from tagward.rule_pack_version b where b.name = v.name and b.created_at < ${from}), 0
      )
      union all
      select substr(a.subject, length('rule-pack:') + 1), null, a.at, a.actor, '{}'
      from tagward.audit_event a
      where a.subject = any (array(select 'rule-pack:' || p.name from tagward.rule_pack p))
        and a.action = 'rule-pack.delete' and a.at < ${to}
    ),
    followed as (
      select m.*, lag(m.version) over w as version_before, lag(m.rules) over w as rules_before
      from moments m
      window w as (partition by m.name order by m.at, m.version nulls last)
    )
    select f.* from followed f where f.at >= ${from} order by f.at desc, f.name limit ${CHANGES}
  `.execute(db);
  return rows.toReversed().map(packChange);
}

function packChange(moment: Moment): PackChange {
  const { name, version, at, by, rules, version_before: before } = moment;
  const rulesBefore = moment.rules_before ?? [];
  return {
    name,
    fromVersion: before,
    toVersion: version,
    at,
    by,
    added: rules.filter((rule) => !rulesBefore.includes(rule)),
    removed: rulesBefore.filter((rule) => !rules.includes(rule)),
  };
}

/** What the stored packs call their rules, by `titleKey`. */
export async function ruleTitles(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; rule: string; title: string }>`
    select p.name, r ->> 'key' as rule, r ->> 'title' as title
    from tagward.rule_pack p
    join tagward.rule_pack_version v on v.name = p.name and v.version = p.latest_version
    cross join lateral jsonb_array_elements(v.rules) as r
    where p.removed_at is null
  `.execute(db);
  return new Map(rows.map(({ name, rule, title }) => [titleKey(name, rule), title]));
}
