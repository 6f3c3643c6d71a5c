import pg from 'pg';
import { openDatabase } from '#persistence';

/** Findings, and as many tags: of the first target most, of the last few. */
const SHARES = [0.7, 0.299, 0.001];
const RULES = ['old', 'twice', 'light', 'form'].map((id) => `pages/${id}`);

export interface PageWorld {
  /** Ids of the targets, the largest first. */
  readonly targets: readonly string[];
}

/** Fills a database that holds nothing with so many findings and tags, two of a hundred resolved or gone. */
export async function makePageWorld(connectionString: string, size: number): Promise<PageWorld> {
  const database = await openDatabase({ connectionString });
  await database.migrate();
  const targets: string[] = [];
  for (const n of SHARES.keys()) {
    const { id } = await database.stores.targets.insert({
      ...{ name: `target ${n}`, platform: 'git', location: `https://git.example/${n}`, config: {} },
      ...{ credentialId: null, rulePacks: null, mode: 'READ_ONLY', labels: [] },
    });
    targets.push(id);
  }
  await database.close();
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('set jit = off');
    await client.query(`insert into tagward.rule_set (digest, rules) values ('pages', $1::jsonb)`, [
      JSON.stringify(RULES),
    ]);
    for (const [n, share] of SHARES.entries()) {
      const [target, rows] = [targets[n], Math.round(size * share)];
      await client.query(PART, [target, `repository-${n}`]);
      await client.query(TAGS, [target, rows]);
      await client.query(FINDINGS, [target, rows]);
    }
    await client.query('vacuum (analyze) tagward.finding');
    await client.query('vacuum (analyze) tagward.tag');
    await client.query('analyze');
  } finally {
    await client.end();
  }
  return { targets };
}

const PART = `
with part as (
  insert into tagward.read_part (target_id, scope, resource_type, last_read_at, rule_set_id)
  select $1::text, $2::text, 'repository', now(), s.id from tagward.rule_set s where s.digest = 'pages'
  returning id
)
insert into tagward.resource (part_id, resource, first_seen_at, seen_at)
select p.id, $2::text, now(), now() from part p`;

const TAGS = `
insert into tagward.tag (part_id, resource_id, name, digest, first_seen_at, seen_at, missing_since)
select p.id, r.id, 'v' || n / 100 || '.' || n % 100 || '.0', md5(n::text) || '00000000', now(), now(),
  case when n % 50 = 0 then now() end
from tagward.read_part p
join tagward.resource r on r.part_id = p.id
cross join generate_series(1, $2::int) as n
where p.target_id = $1`;

const FINDINGS = `
insert into tagward.finding (
  id, target_id, part_id, rule_pack, rule_id, urgency, state, resource, tag, message, suggestion, changes, fixable, blocked, evidence,
  first_seen_at, opened_at, seen_at, resolved_at, opened_scan, resolved_scan
)
select md5($1 || n), $1, p.id, 'pages', (array['old', 'twice', 'light', 'form'])[n % 4 + 1], 1 + n % 4,
  case when n % 50 = 0 then 'RESOLVED' when n % 199 = 0 then 'SUPPRESSED' else 'OPEN' end, p.scope, 'v' || n / 100 || '.' || n % 100 || '.0',
  'The tag "v' || n / 100 || '.' || n % 100 || '.0" is older than 30 days (created 2025-01-01).', 'Untag it.',
  '[{"change": "untag", "name": "v1", "digest": "d"}]', true, false,
  jsonb_build_object('digest', md5(n::text), 'reason', 'EXPIRED', 'rank', n, 'of', $2::int, 'siblings', '[]'::jsonb),
  now() - make_interval(mins => n % 10000), now(), now(), case when n % 50 = 0 then now() end, 1, case when n % 50 = 0 then 2 end
from tagward.read_part p
cross join generate_series(1, $2::int) as n
where p.target_id = $1`;
