import { sql } from "kysely";
import { readBatches, type BatchPlace } from "./batch-queries.ts";
import { signedInActions, signInActions, isRoutineAction, type Tallied } from "./tally-queries.ts";
import { seenIn, textFilter, type Search } from "./source.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** Batches that nobody has counted yet and that are counted while somebody waits; more, and the answer says so. */
const MAX_BATCHES = 1_000;
const BATCHES_AT_ONCE = 50;

/** What the filer has not counted yet, counted here: what was answered is in the counts at once. */
export async function readTail(search: Search): Promise<Tallied & { isComplete: boolean }> {
  const found = await findUncounted(search);
  const places = found.slice(0, MAX_BATCHES);
  const mayFit = textFilter(search);
  const entries: VisibleEntry[] = [];
  for (let index = 0; index < places.length; index += BATCHES_AT_ONCE)
    for (const batch of await readBatches(search.db, places.slice(index, index + BATCHES_AT_ONCE)))
      entries.push(...seenIn(search, batch, mayFit));
  return { ...countSeen(entries, search), isComplete: found.length <= MAX_BATCHES };
}

/** One more than are counted, where there are. One branch for each writer, one look for each gap: as joins, PostgreSQL may read the whole table. */
async function findUncounted(search: Search): Promise<BatchPlace[]> {
  const { fromMs = 0, toMs = 0 } = search.filter;
  const isWanted = sql`(accounts && ${search.subjects}::uuid[] or apps && ${search.subjects}::uuid[])
    and at >= ${new Date(fromMs)}::timestamptz and at < ${new Date(toMs)}::timestamptz`;
  const tails = await search.db
    .selectFrom("entry_writer")
    .select(["id as writer", "tallied_through as talliedThrough"])
    .where("ended_at", "is", null)
    .execute();
  const branches = [
    sql`select batch.writer, batch.number
      from filing_gap as gap
      join entry_writer as writer on writer.id = gap.writer and gap.number <= writer.tallied_through
      cross join lateral (
        select writer, number from entry_batch
        where writer = gap.writer and number = gap.number and ${isWanted} limit 1
      ) as batch`,
    ...tails.map(
      ({ writer, talliedThrough }) => sql`
        select writer, number from entry_batch
        where writer = ${writer}::int and number > ${talliedThrough}::bigint and ${isWanted}`,
    ),
  ];
  const { rows } = await sql<{ writer: number; number: string }>`
    ${sql.join(branches, sql` union `)} limit ${MAX_BATCHES + 1}`.execute(search.db);
  return rows.map(({ writer, number }) => ({ writer, number: Number(number) }));
}

function countSeen(entries: readonly VisibleEntry[], { filter }: Search): Tallied {
  const { credentialIds } = filter;
  const counted = entries.filter(
    ({ credential }) => credentialIds === undefined || credentialIds.includes(credential?.id ?? ""),
  );
  return {
    hours: counted.map((entry) => ({
      ...countOf(entry),
      signIn: signInOf(entry),
      hour: atOf(entry),
    })),
    addresses: counted.flatMap((entry) =>
      entry.address === null ? [] : [{ ...countOf(entry), address: entry.address }],
    ),
    folds: counted.filter(({ action }) => isRoutineAction(action)).map(foldOf),
  };
}

const countOf = ({ outcome, count = 1 }: VisibleEntry) => ({ outcome, count });
const atOf = ({ place }: VisibleEntry): Date => new Date(place.atMs);

function signInOf({ action, outcome }: VisibleEntry) {
  if (outcome === "done" && signedInActions.includes(action)) return "in";
  return outcome === "refused" && signInActions.includes(action) ? "refused" : null;
}

const foldOf = (entry: VisibleEntry): Tallied["folds"][number] => ({
  ...countOf(entry),
  actorKind: entry.actor.kind,
  actorId: entry.actor.accountId,
  credentialId: entry.credential?.id ?? null,
  appId: entry.appId,
  mayNameApp: entry.mayNameApp,
  action: entry.action,
  lastAt: atOf(entry),
});
