import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { EntryTarget } from "../../record/entries/entry.ts";
import type { EmailAddress } from "./email-address.ts";
import type { ReaderChoice } from "./reader.ts";

/** What a sign-in needs to know of an account. */
export type Credentials = {
  id: string;
  password_hash: string | null;
  /** Set with each new password; a hash that was only made anew leaves it. */
  password_changed_at: Date | null;
  disabled_at: Date | null;
  /** False: made by the operator's product, its address not proven yet. */
  is_proven: boolean;
};

export const accountTarget = (accountId: string): EntryTarget => ({
  type: "account",
  id: accountId,
  accountId,
});

export async function findCredentials(db: Db, emailKey: string): Promise<Credentials | undefined> {
  return await db
    .selectFrom("account")
    .select(["id", "password_hash", "password_changed_at", "disabled_at", "is_proven"])
    .where("email_key", "=", emailKey)
    .executeTakeFirst();
}

/** Whether a password may still open a session, and how far: what `lockForSignIn` found. */
export type SignInState = Credentials & {
  /** A second factor was set up once: recovery codes are made with the first and stay, used or not. */
  has_enrolled: boolean;
};

/**
 * The account as it stands, held so until the transaction ends: its password is not changed and it is
 * not disabled between this look and the session that is opened on it. Whoever will change the row says
 * so: of two that share it and then both want to change it, each would wait for the other.
 */
export async function lockForSignIn(
  tx: Tx,
  { accountId, willChange }: { accountId: string; willChange: boolean },
): Promise<SignInState> {
  const lock = willChange ? sql`for no key update of account` : sql`for share of account`;
  const { rows } = await sql<SignInState>`
    select id, password_hash, password_changed_at, disabled_at, is_proven,
      exists (select from recovery_code where account_id = account.id)
        or exists (select from totp_factor where account_id = account.id and state = 'live')
        or exists (select from passkey where account_id = account.id)
        as has_enrolled
    from account where id = ${accountId} ${lock}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error("accounts are disabled, not deleted");
  return row;
}

export type PersonRow = {
  id: string;
  email: string;
  display_name: string;
  is_operator: boolean;
  language: string;
  time_zone: string | null;
  created_at: Date;
};

/** A person by id. Whoever calls has told that the id is a person's. */
export async function findPerson(db: Db, accountId: string): Promise<PersonRow> {
  const { email, ...row } = await db
    .selectFrom("account")
    .select(["id", "email", "display_name", "is_operator", "language", "time_zone", "created_at"])
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  if (email === null) throw new Error("the account of a session is a person's");
  return { ...row, email };
}

export async function findDisplayName(db: Db, accountId: string): Promise<string> {
  const row = await db
    .selectFrom("account")
    .select("display_name")
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  return row.display_name;
}

/** False when another account holds the address. */
export async function insertPerson(
  tx: Tx,
  account: EmailAddress & {
    id: string;
    displayName: string;
    passwordHash: string | null;
    reader: ReaderChoice;
    now: Date;
  },
): Promise<boolean> {
  const inserted = await tx
    .insertInto("account")
    .values({
      id: account.id,
      kind: "person",
      email: account.email,
      email_key: account.emailKey,
      display_name: account.displayName,
      password_hash: account.passwordHash,
      password_changed_at: account.passwordHash === null ? null : account.now,
      language: account.reader.language,
      time_zone: account.reader.timeZone,
      created_at: account.now,
    })
    .onConflict((conflict) => conflict.constraint("account_email_key_key").doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

/**
 * The address of an account that the operator's product made is proven: it is its holder's from now on.
 *
 * @returns its id; null when the address has no such account, or it is disabled.
 */
export async function takeOverUnproven(
  tx: Tx,
  person: {
    emailKey: string;
    displayName: string;
    passwordHash: string;
    reader: ReaderChoice;
    now: Date;
  },
): Promise<string | null> {
  const taken = await tx
    .updateTable("account")
    .set({
      display_name: person.displayName,
      password_hash: person.passwordHash,
      password_changed_at: person.now,
      is_proven: true,
      language: person.reader.language,
      time_zone: person.reader.timeZone,
    })
    .where("email_key", "=", person.emailKey)
    .where("is_proven", "=", false)
    .where("disabled_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return taken?.id ?? null;
}

export async function updatePerson(
  tx: Tx,
  accountId: string,
  person: { displayName: string } & ReaderChoice,
): Promise<void> {
  await tx
    .updateTable("account")
    .set({
      display_name: person.displayName,
      language: person.language,
      time_zone: person.timeZone,
    })
    .where("id", "=", accountId)
    .execute();
}

/** Replaces the hash by one of today's cost, unless the password was changed meanwhile. */
export async function replaceHash(
  tx: Tx,
  { accountId, from, to }: { accountId: string; from: string; to: string },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ password_hash: to })
    .where("id", "=", accountId)
    .where("password_hash", "=", from)
    .execute();
}
