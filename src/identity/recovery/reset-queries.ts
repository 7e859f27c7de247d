import type { Db, Tx } from "../../platform/db/db.ts";

/** A reset of an account's second factors that is neither used nor cancelled nor lapsed. */
export type OpenReset = {
  id: string;
  accountId: string;
  askedBy: string | null;
  askedAt: Date;
  readyAt: Date;
  endsAt: Date;
};

const columns = [
  "id",
  "account_id as accountId",
  "asked_by as askedBy",
  "asked_at as askedAt",
  "ready_at as readyAt",
  "ends_at as endsAt",
] as const;

export async function findOpenReset(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<OpenReset | undefined> {
  return await db
    .selectFrom("factor_reset")
    .select(columns)
    .where("account_id", "=", accountId)
    .where("closed_at", "is", null)
    .where("ends_at", ">", now)
    .executeTakeFirst();
}

/** The same by its own id. */
export async function findOpenResetById(
  db: Db,
  { id, now }: { id: string; now: Date },
): Promise<OpenReset | undefined> {
  return await db
    .selectFrom("factor_reset")
    .select(columns)
    .where("id", "=", id)
    .where("closed_at", "is", null)
    .where("ends_at", ">", now)
    .executeTakeFirst();
}

/** Whether the wait is over: asked at the moment that it counts, so nothing has to run for it. */
export const isReady = (reset: Pick<OpenReset, "readyAt" | "endsAt">, now: Date): boolean =>
  reset.readyAt <= now && now < reset.endsAt;

export type NewReset = {
  id: string;
  accountId: string;
  by: { operatorId: string; reason: string } | null;
  now: Date;
  readyAt: Date;
  endsAt: Date;
};

/** Call it with the account's factors locked, and none open. One that lapsed makes room. */
export async function insertReset(tx: Tx, reset: NewReset): Promise<void> {
  await tx
    .updateTable("factor_reset")
    .set({ closed_at: reset.now, closed_how: "lapsed" })
    .where("account_id", "=", reset.accountId)
    .where("closed_at", "is", null)
    .where("ends_at", "<=", reset.now)
    .execute();
  await tx
    .insertInto("factor_reset")
    .values({
      id: reset.id,
      account_id: reset.accountId,
      asked_by: reset.by?.operatorId ?? null,
      reason: reset.by?.reason ?? null,
      asked_at: reset.now,
      ready_at: reset.readyAt,
      ends_at: reset.endsAt,
    })
    .execute();
}

/** Closes an open one: of any number at once exactly one does. */
export async function closeReset(
  tx: Tx,
  closing: { id: string; how: "used" | "cancelled" | "needless"; now: Date },
): Promise<boolean> {
  const closed = await tx
    .updateTable("factor_reset")
    .set({ closed_at: closing.now, closed_how: closing.how })
    .where("id", "=", closing.id)
    .where("closed_at", "is", null)
    .where("ends_at", ">", closing.now)
    .returning("id")
    .executeTakeFirst();
  return closed !== undefined;
}
