import fastify from 'fastify';
import pg from 'pg';

/** `api-page-bare <database url>`: a page of findings by the least that a careful user writes: Fastify, pg, one query, JSON. Says its url once it serves. */
const [connectionString = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 10 });
const app = fastify();

const PAGE = `
  select f.*, p.scope, p.resource_type, case
    when f.state = 'RESOLVED' then f.seen_at
    else greatest(f.seen_at, case
      when s.rules ? (f.rule_pack || '/' || f.rule_id) then p.last_read_at
      else (p.evaluated ->> (f.rule_pack || '/' || f.rule_id))::timestamptz
    end)
  end as last_seen_at
  from tagward.finding f
  join tagward.read_part p on p.id = f.part_id
  left join tagward.rule_set s on s.id = p.rule_set_id
  where f.state = 'OPEN' and (f.urgency, f.key) > ($1, $2)
  order by f.urgency, f.key
  limit 51`;

app.get('/findings', async (request) => {
  const { after = '-1 0' } = request.query as { after?: string };
  const [urgency, key] = after.split(' ');
  const { rows } = await pool.query<{ urgency: number; key: string }>(PAGE, [Number(urgency), Number(key)]);
  const items = rows.slice(0, 50);
  const last = items.at(-1);
  return { items, next: rows.length > 50 && last !== undefined ? `${last.urgency} ${last.key}` : null };
});

console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
