import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import { parseAddress } from "../../platform/client-address/parse-address.ts";
import type { BatchRow } from "../entries/batch.ts";
import type { Entry } from "../entries/entry.ts";
import { asListedText, asUuid } from "../entries/storable.ts";
import { subjectsOf } from "../entries/alike.ts";

/** A batch that is as it was written, with what it holds. */
export type OpenedBatch = { batch: BatchRow; entries: ReadonlyMap<number, Entry> };

type FiledRow = Record<string, unknown>;

/** Files the entries of these batches, one row each and one for each account and app touched. Filed twice is filed once. */
export async function fileImportant(tx: Tx, batches: readonly OpenedBatch[]): Promise<void> {
  const entries: FiledRow[] = [];
  const subjects: FiledRow[] = [];
  for (const { batch, entries: opened } of batches)
    for (const [position, entry] of opened) {
      const place = { writer: batch.writer, number: batch.number, position, at: batch.at };
      entries.push({ ...place, day: batch.day, ...columnsOf(entry) });
      for (const subject of subjectsOf(entry)) subjects.push({ ...place, subject });
    }
  if (entries.length === 0) return;
  await sql`
    insert into filed_entry
    select * from jsonb_populate_recordset(null::filed_entry, ${JSON.stringify(entries)}::jsonb)
    on conflict do nothing`.execute(tx);
  if (subjects.length === 0) return;
  await sql`
    insert into filed_subject
    select * from jsonb_populate_recordset(null::filed_subject, ${JSON.stringify(subjects)}::jsonb)
    on conflict do nothing`.execute(tx);
}

/** What the columns take; the batch holds the rest, and the whole of what is cut here. */
function columnsOf(entry: Entry): FiledRow {
  const { actor, targets = [] } = entry;
  return {
    action: asListedText(entry.action),
    outcome: entry.outcome,
    reason: entry.reason === undefined ? null : asListedText(entry.reason),
    organisation_id: asUuid(entry.organisationId),
    app_id: asUuid(entry.appId),
    actor_id: asUuid(actor.accountId),
    credential_id: actor.credentialId === null ? null : asListedText(actor.credentialId),
    address: entry.address === null ? null : parseAddress(entry.address),
    request_id: asListedText(entry.requestId),
    target_ids: targets.map(({ id }) => asListedText(id)),
  };
}
