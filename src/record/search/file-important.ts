import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import { parseAddress } from "../../platform/client-address/parse-address.ts";
import type { BatchRow } from "../entries/batch.ts";
import type { Entry } from "../entries/entry.ts";
import { asListedText, asUuid } from "../entries/storable.ts";
import { subjectsOf } from "../entries/alike.ts";
import { termsOf, type EntryTerms } from "./terms.ts";
import { listWords } from "./word-queries.ts";

/** A batch that is as it was written, with what it holds. */
export type OpenedBatch = { batch: BatchRow; entries: ReadonlyMap<number, Entry> };

type FiledRow = Record<string, unknown>;

/** Files the entries of these batches, one row each and one for each account and app touched. Filed twice is filed once. */
export async function fileImportant(tx: Tx, batches: readonly OpenedBatch[]): Promise<void> {
  const entries: (FiledRow & EntryTerms)[] = [];
  const subjects: FiledRow[] = [];
  for (const { batch, entries: opened } of batches)
    for (const [position, entry] of opened) {
      const place = { writer: batch.writer, number: batch.number, position, at: batch.at };
      const terms = termsOf(entry, batch.at);
      entries.push({ ...place, day: batch.day, ...columnsOf(entry), ...terms });
      for (const subject of subjectsOf(entry)) subjects.push({ ...place, subject });
    }
  if (entries.length === 0) return;
  await insertEntries(tx, entries);
  if (subjects.length === 0) return;
  await sql`
    insert into filed_subject
    select * from jsonb_populate_recordset(null::filed_subject, ${JSON.stringify(subjects)}::jsonb)
    on conflict do nothing`.execute(tx);
}

/** With the words of those that were not filed before counted. */
async function insertEntries(tx: Tx, entries: readonly (FiledRow & EntryTerms)[]): Promise<void> {
  const ids = await listWords(tx, new Set(entries.flatMap(({ words }) => [...words])));
  const rows = entries.map(({ words, hashes, ...row }) => ({
    ...row,
    terms: [...[...words].map((word) => ids.get(word)), ...hashes],
  }));
  await sql`
    with filed as (
      insert into filed_entry
      select * from jsonb_populate_recordset(null::filed_entry, ${JSON.stringify(rows)}::jsonb)
      on conflict do nothing returning terms
    ), counted as (
      select term, count(*) as entries from filed cross join unnest(terms) as term where term > 0 group by term
    )
    update log_word as word set entries = word.entries + counted.entries
    from counted where word.id = counted.term`.execute(tx);
}

/** What the columns take; the batch holds the rest, and the whole of what is cut here. */
export function columnsOf(entry: Entry) {
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
