import { type Kysely, sql } from 'kysely';

/**
 * Tells listeners that a scan has changed: its id on `tagward_scans` for whoever watches it, and on `tagward_scan_stops` for whoever works
 * on it, once it is to be cancelled or has ended. A heartbeat that brings no progress tells nothing, nor does an insert: nobody knows the
 * id of a scan before it is there. PostgreSQL tells each id once a transaction. https://www.postgresql.org/docs/current/sql-notify.html
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(SIGNALS).execute(db);
}

const SIGNALS = `
create function tagward.tell_scan() returns trigger language plpgsql as $$
begin
  perform pg_catalog.pg_notify('tagward_scans', new.id);
  if (old.status, old.cancel_requested) is distinct from (new.status, new.cancel_requested)
    and (new.cancel_requested or new.status not in ('QUEUED', 'RUNNING')) then
    perform pg_catalog.pg_notify('tagward_scan_stops', new.id);
  end if;
  return null;
end
$$;
create trigger scan_tells
  after update of status, cancel_requested, progress_done, progress_total, resources, tags on tagward.scan
  for each row
  when (
    (old.status, old.cancel_requested, old.progress_done, old.progress_total, old.resources, old.tags)
    is distinct from
    (new.status, new.cancel_requested, new.progress_done, new.progress_total, new.resources, new.tags)
  )
  execute function tagward.tell_scan();
`;
