import { sql } from "kysely";
import type { Action } from "../../contract/actions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { lockSlots, type SlotLocks } from "../../platform/db/version-slots.ts";
import {
  encode,
  entryId,
  sealBatch,
  type BatchRow,
  type EncodedEntry,
  type SealedKey,
} from "./batch.ts";
import { isSurelyNotCommitted } from "./batch-writer.ts";
import { RecordUnavailable } from "./batcher.ts";
import { actorOf } from "./request-entry.ts";
import type { EntryNotes } from "../../context.ts";
import type { EntryActor, EntryOutcome } from "./entry.ts";

type Written = BatchRow & { entry: EncodedEntry };

/** Batches written in transactions under way. Kept beside the transaction, so that `record` takes what operations have. */
const written = new WeakMap<Tx, Written>();

type OpenTx = Awaited<ReturnType<ReturnType<Context["db"]["startTransaction"]>["execute"]>>;

/**
 * Runs a change: one transaction that locks the version slots, does the work and puts it on record.
 * Throw in `work` = nothing happened; return = it happened and is recorded. `work` calls `record`
 * exactly once.
 *
 * @throws {RecordUnavailable} when PostgreSQL went away and nobody can tell whether it happened.
 */
export async function change<T>(
  ctx: Context,
  locks: SlotLocks,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const tx = await ctx.db.startTransaction().execute();
  let result: T;
  let batch: Written;
  try {
    await lockSlots(tx, locks);
    await ctx.claim?.(tx);
    result = await work(tx);
    batch = batchOf(tx);
  } catch (error) {
    await rollBack(ctx, tx);
    throw error;
  }
  await commit(ctx, tx, batch);
  ctx.recorder.counts.add(batch, [batch.entry]);
  ctx.isRecorded = true;
  ctx.entryId = entryId(batch, 0);
  return result;
}

function batchOf(tx: Tx): Written {
  const batch = written.get(tx);
  if (batch === undefined) throw new Error("a change without its entry");
  return batch;
}

async function rollBack(ctx: Context, tx: OpenTx): Promise<void> {
  const isOver = await tx
    .rollback()
    .execute()
    .then(
      () => true,
      () => false,
    );
  const batch = written.get(tx);
  if (batch === undefined) return;
  // COMMIT was never sent. But over a broken connection the transaction may still stand in PostgreSQL
  // and hold its number: a batch under it would wait for it.
  if (isOver) ctx.recorder.numbers.giveBack(batch);
  else ctx.recorder.numbers.leaveOpen([batch]);
}

async function commit(ctx: Context, tx: OpenTx, batch: SealedKey): Promise<void> {
  try {
    await tx.commit().execute();
  } catch (error) {
    const isAborted = tx.isRolledBack;
    // Kysely keeps the connection of a commit that failed until it is rolled back; over a lost one that
    // is slow, and the answer need not wait for it.
    void tx
      .rollback()
      .execute()
      .catch(() => {});
    if (isAborted || isSurelyNotCommitted(error)) ctx.recorder.numbers.giveBack(batch);
    // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed.
    if (isAborted) throw new Error("a change swallowed a statement's error", { cause: error });
    if (isSurelyNotCommitted(error)) throw error;
    if (await ctx.recorder.wasCommitted(batch)) return;
    throw new RecordUnavailable("the change was not committed", { cause: error });
  }
}

export type ChangeEntry = EntryNotes & {
  action: Action;
  /** `refused` for an outcome that is kept, such as a wrong code. */
  outcome?: EntryOutcome;
  /** What the operator's product says that somebody did: the entry tells this, marked as told. */
  reported?: { actor: EntryActor; action: string; at?: Date | undefined } | undefined;
};

/**
 * Puts the change on record, in its transaction. Values stand in `change` as they are, so never a
 * secret: use a fingerprint.
 *
 * @returns the entry's id.
 */
export async function record(
  tx: Tx,
  ctx: Context,
  { reported, ...entry }: ChangeEntry,
): Promise<string> {
  if (written.has(tx)) throw new Error("one change, one entry");
  const at = ctx.now();
  const encoded = encode({
    ...entry,
    outcome: entry.outcome ?? "done",
    at,
    actor: reported?.actor ?? actorOf(ctx.principal),
    reportedAction: reported?.action,
    reportedAt: reported?.at,
    address: ctx.origin.address,
    userAgent: ctx.origin.userAgent,
    requestId: ctx.origin.requestId,
  });
  const key = ctx.recorder.numbers.take(at);
  const row = sealBatch(ctx.recorder.keyRing, key, { at, entries: [encoded] });
  written.set(tx, { ...row, entry: encoded });
  await sql`
    insert into entry_batch (day, writer, number, class, at, count, organisations, accounts, apps, credentials, payload, mac, mac_key_id)
    values (${row.day}, ${row.writer}, ${row.number}, ${row.class}, ${row.at}, ${row.count}, ${row.organisations},
      ${row.accounts}, ${row.apps}, ${row.credentials}, ${row.payload}, ${row.mac}, ${row.macKeyId})`.execute(
    tx,
  );
  return entryId(key, 0);
}
