import { createHmac, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';

/**
 * `webhook-bare <database url> <secret>`: a door for GitHub's webhooks by the least that a careful user writes: the signature over the raw
 * bytes in constant time, the delivery kept once by its id, a 202. Says its url once it serves.
 */
const [connectionString = '', secret = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 10 });
await pool.query(
  `create table if not exists bench_delivery (id text primary key, at timestamptz not null default now(), event text not null, repository text)`,
);
const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser(
  '*',
  { parseAs: 'buffer' },
  async (_request: unknown, body: string | Buffer) => body,
);

app.post('/hook', async ({ headers, body }, reply) => {
  const expected = createHmac('sha256', secret)
    .update(body as Buffer)
    .digest();
  const given = Buffer.from(String(headers['x-hub-signature-256']).replace('sha256=', ''), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send();
  const { repository } = JSON.parse(String(body)) as { repository: { full_name: string } };
  await pool.query(
    'insert into bench_delivery (id, event, repository) values ($1, $2, $3) on conflict do nothing',
    [headers['x-github-delivery'], headers['x-github-event'], repository.full_name],
  );
  return reply.code(202).send({ accepted: true });
});

console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
