-- 0006 jobs: the runtime role queues jobs through this function alone.
--
-- First release: nothing runs on an older schema. graphile_worker.add_job needs its owner's rights;
-- `security definer` lends them for this one call. The body is looked up when it runs, so
-- graphile-worker's schema may come later than this migration.

create function enqueue_job(name text, payload json, job_key text, max_attempts int, run_at timestamptz)
returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform graphile_worker.add_job(name, payload := payload, job_key := job_key,
    max_attempts := max_attempts, run_at := run_at);
end
$$;
revoke execute on function enqueue_job(text, json, text, int, timestamptz) from public;
