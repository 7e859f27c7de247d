import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import type { TallyRow } from "../search/tally.ts";

/** Takes from what was counted; a count of which nothing is left goes, with all that it says. */
export async function uncount(tx: Tx, rows: readonly TallyRow[]): Promise<void> {
  if (rows.length === 0) return;
  const given = JSON.stringify(rows.map(({ hour, key, count }) => ({ hour, key, count })));
  const counted = sql`jsonb_to_recordset(${given}::jsonb) as gone (hour timestamptz, key uuid, count bigint)`;
  const ended = await sql<{ hour: Date; key: string }>`
    delete from entry_tally as tally using ${counted}
    where tally.hour = gone.hour and tally.key = gone.key and tally.count <= gone.count
    returning tally.hour, tally.key`.execute(tx);
  await sql`
    update entry_tally as tally set count = tally.count - gone.count from ${counted}
    where tally.hour = gone.hour and tally.key = gone.key`.execute(tx);
  await removeSubjects(tx, rows, new Set(ended.rows.map(({ key }) => key)));
}

async function removeSubjects(
  tx: Tx,
  rows: readonly TallyRow[],
  ended: ReadonlySet<string>,
): Promise<void> {
  const posts = rows
    .filter(({ key }) => ended.has(key))
    .flatMap(({ hour, key, alike }) => alike.subjects.map((subject) => ({ subject, hour, key })));
  if (posts.length === 0) return;
  await sql`
    delete from entry_tally_subject as post using unnest(${posts.map(({ subject }) => subject)}::uuid[],
      ${posts.map(({ hour }) => hour)}::timestamptz[], ${posts.map(({ key }) => key)}::uuid[]) as gone (subject, hour, key)
    where post.subject = gone.subject and post.hour = gone.hour and post.key = gone.key`.execute(
    tx,
  );
}
