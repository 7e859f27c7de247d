import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

/** A person's password as stored, and what else judging another one takes. */
export type StoredPassword = {
  email: string;
  emailKey: string;
  displayName: string;
  passwordHash: string | null;
  changedAt: Date | null;
};

/** Whoever calls has told that the id is a person's. */
export async function findPassword(db: Db, accountId: string): Promise<StoredPassword> {
  const row = await db
    .selectFrom("account")
    .select(["email", "email_key", "display_name", "password_hash", "password_changed_at"])
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  if (row.email === null || row.email_key === null)
    throw new Error("the account of a session is a person's");
  return {
    email: row.email,
    emailKey: row.email_key,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    changedAt: row.password_changed_at,
  };
}

/**
 * Replaces the password that was checked. The row's lock puts two of these, and a sign-in with the old
 * password, one after the other. Compared is when it was set: a hash made anew is the same password.
 *
 * @returns when it was; null when it was changed since, or the account was disabled.
 */
export async function replacePassword(
  tx: Tx,
  {
    accountId,
    from,
    passwordHash,
    now,
  }: {
    accountId: string;
    from: Pick<StoredPassword, "passwordHash" | "changedAt">;
    passwordHash: string;
    now: Date;
  },
): Promise<Date | null> {
  const replaced = await tx
    .updateTable("account")
    .set({
      password_hash: passwordHash,
      // Later than the one before, also when two changes fall into one millisecond.
      password_changed_at: sql<Date>`greatest(${now}::timestamptz, password_changed_at + interval '1 ms')`,
    })
    .where("id", "=", accountId)
    .where(sql<boolean>`password_changed_at is not distinct from ${from.changedAt}::timestamptz`)
    .where(sql<boolean>`(password_hash is null) = ${from.passwordHash === null}::boolean`)
    .where("disabled_at", "is", null)
    .returning("password_changed_at")
    .executeTakeFirst();
  return replaced?.password_changed_at ?? null;
}
