import type { Db, Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import type { EmailAddress } from "../accounts/email-address.ts";

/** `sign-in`: the one that an account is known by. `backup`: a second mailbox. */
export type AddressKind = "sign-in" | "backup";

export type WaitingChange = { kind: AddressKind; email: string; asked_at: Date; ends_at: Date };

export async function findBackup(
  db: Db,
  accountId: string,
): Promise<(EmailAddress & { verifiedAt: Date }) | undefined> {
  return await db
    .selectFrom("backup_address")
    .select(["email", "email_key as emailKey", "verified_at as verifiedAt"])
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

/** Addresses that were asked for and can still be confirmed. */
export async function listWaiting(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<WaitingChange[]> {
  const rows = await db
    .selectFrom("address_change")
    .select(["kind", "email", "asked_at", "ends_at"])
    .where("account_id", "=", accountId)
    .where("made_at", "is", null)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .execute();
  return rows.map((row) => ({ ...row, kind: row.kind === "backup" ? "backup" : "sign-in" }));
}

export async function insertChange(
  tx: Tx,
  change: EmailAddress & {
    id: string;
    accountId: string;
    kind: AddressKind;
    now: Date;
    endsAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("address_change")
    .values({
      id: change.id,
      account_id: change.accountId,
      kind: change.kind,
      email: change.email,
      email_key: change.emailKey,
      asked_at: change.now,
      ends_at: change.endsAt,
    })
    .execute();
}

/** Ends what waits of the account, of one kind or of both. @returns how many did. */
export async function endWaiting(
  tx: Tx,
  { accountId, kind, now }: { accountId: string; kind?: AddressKind; now: Date },
): Promise<number> {
  let update = tx
    .updateTable("address_change")
    .set({ ended_at: now })
    .where("account_id", "=", accountId)
    .where("made_at", "is", null)
    .where("ended_at", "is", null);
  if (kind !== undefined) update = update.where("kind", "=", kind);
  const rows = await update.returning(["id", "ends_at"]).execute();
  return rows.filter(({ ends_at: endsAt }) => endsAt > now).length;
}

export type FoundChange = EmailAddress & {
  accountId: string;
  kind: AddressKind;
  askedAt: Date;
  isMade: boolean;
  oldEmail: string | null;
  oldEmailKey: string | null;
};

/** A change by its id, whatever became of it. */
export async function findChange(db: Db, id: string): Promise<FoundChange | undefined> {
  const row = await db
    .selectFrom("address_change")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  return (
    row && {
      accountId: row.account_id,
      kind: row.kind === "backup" ? "backup" : "sign-in",
      email: row.email,
      emailKey: row.email_key,
      askedAt: row.asked_at,
      isMade: row.made_at !== null,
      oldEmail: row.old_email,
      oldEmailKey: row.old_email_key,
    }
  );
}

/** Spends what waits: of any number of confirmations at once exactly one makes the change. */
export async function markMade(
  tx: Tx,
  made: { id: string; old: EmailAddress | null; undoEndsAt: Date; now: Date },
): Promise<boolean> {
  const { old } = made;
  const row = await tx
    .updateTable("address_change")
    .set({
      made_at: made.now,
      old_email: old?.email ?? null,
      old_email_key: old?.emailKey ?? null,
      undo_ends_at: old && made.undoEndsAt,
    })
    .where("id", "=", made.id)
    .where("made_at", "is", null)
    .where("ended_at", "is", null)
    .where("ends_at", ">", made.now)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Spends the change for good, made or waiting: of any number at once exactly one undoes it. */
export async function markUndone(tx: Tx, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const row = await tx
    .updateTable("address_change")
    .set({ ended_at: now })
    .where("id", "=", id)
    .where("kind", "=", "sign-in")
    .where("ended_at", "is", null)
    .where((eb) =>
      eb.or([
        eb.and([eb("made_at", "is", null), eb("ends_at", ">", now)]),
        eb("undo_ends_at", ">", now),
      ]),
    )
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Changes of the sign-in address that were made since can't be undone any more: their mails' links are dead. */
export async function endLaterChanges(
  tx: Tx,
  { accountId, since, now }: { accountId: string; since: Date; now: Date },
): Promise<void> {
  await tx
    .updateTable("address_change")
    .set({ ended_at: now })
    .where("account_id", "=", accountId)
    .where("made_at", "is not", null)
    .where("ended_at", "is", null)
    .where("asked_at", ">=", since)
    .execute();
}

/** Whether an address is kept for an account that had it until it was changed: nobody else gets it meanwhile. */
export async function isKept(
  db: Db,
  { emailKey, exceptFor = null, now }: { emailKey: string; exceptFor?: string | null; now: Date },
): Promise<boolean> {
  let query = db
    .selectFrom("address_change")
    .select("id")
    .where("old_email_key", "=", emailKey)
    .where("ended_at", "is", null)
    .where("undo_ends_at", ">", now);
  if (exceptFor !== null) query = query.where("account_id", "!=", exceptFor);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/**
 * Gives an account another sign-in address.
 *
 * @throws {ProblemError} `dead-link` when another account got it since that was asked.
 */
export async function replaceSignInAddress(
  tx: Tx,
  accountId: string,
  { email, emailKey }: EmailAddress,
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ email, email_key: emailKey })
    .where("id", "=", accountId)
    .execute()
    .catch((error: unknown) => {
      if (Reflect.get(Object(error), "constraint") !== "account_email_key_key") throw error;
      throw new ProblemError("dead-link", { cause: error });
    });
}

/** Whether another account signs in with the address. */
export async function isTaken(
  db: Db,
  { emailKey, exceptFor }: { emailKey: string; exceptFor: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("account")
    .select("id")
    .where("email_key", "=", emailKey)
    .where("id", "!=", exceptFor)
    .executeTakeFirst();
  return row !== undefined;
}

export async function putBackup(
  tx: Tx,
  accountId: string,
  { email, emailKey, now }: EmailAddress & { now: Date },
): Promise<void> {
  const values = { email, email_key: emailKey, verified_at: now };
  await tx
    .insertInto("backup_address")
    .values({ account_id: accountId, ...values })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(values))
    .execute();
}

/** Removes the second mailbox, or only one that is no older than `since`. False when there is none such. */
export async function deleteBackup(
  tx: Tx,
  accountId: string,
  since: Date | null = null,
): Promise<boolean> {
  let deletion = tx.deleteFrom("backup_address").where("account_id", "=", accountId);
  if (since !== null) deletion = deletion.where("verified_at", ">=", since);
  return (await deletion.returning("account_id").executeTakeFirst()) !== undefined;
}

export async function insertReport(
  tx: Tx,
  report: { id: string; accountId: string; kind: "address-change"; now: Date },
): Promise<void> {
  await tx
    .insertInto("account_report")
    .values({
      id: report.id,
      account_id: report.accountId,
      kind: report.kind,
      reported_at: report.now,
    })
    .execute();
}
