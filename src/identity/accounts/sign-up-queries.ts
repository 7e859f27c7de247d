import type { Db, Tx } from "../../platform/db/db.ts";
import type { EmailAddress } from "./email-address.ts";
import type { ReaderChoice } from "./reader.ts";

export type WaitingSignUp = {
  email: string;
  email_key: string;
  display_name: string;
  password_hash: string;
  browser_hash: Buffer;
  language: string;
  time_zone: string | null;
};

const columns = [
  "email",
  "email_key",
  "display_name",
  "password_hash",
  "browser_hash",
  "language",
  "time_zone",
] as const;

export async function insertSignUp(
  tx: Tx,
  signUp: EmailAddress & {
    id: string;
    displayName: string;
    passwordHash: string;
    tokenHash: Buffer;
    browserHash: Buffer;
    reader: ReaderChoice;
    now: Date;
    endsAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("sign_up")
    .values({
      id: signUp.id,
      email: signUp.email,
      email_key: signUp.emailKey,
      display_name: signUp.displayName,
      password_hash: signUp.passwordHash,
      token_hash: signUp.tokenHash,
      browser_hash: signUp.browserHash,
      language: signUp.reader.language,
      time_zone: signUp.reader.timeZone,
      created_at: signUp.now,
      ends_at: signUp.endsAt,
    })
    .execute();
}

/** The sign-up of a link that has not ended; looking does not spend it. */
export async function findSignUp(
  db: Db,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<WaitingSignUp | undefined> {
  return await db
    .selectFrom("sign_up")
    .select(columns)
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .executeTakeFirst();
}

/** Spends the link: of any number of calls at once exactly one gets the row. */
export async function spendSignUp(
  tx: Tx,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<WaitingSignUp | undefined> {
  return await tx
    .deleteFrom("sign_up")
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .returning(columns)
    .executeTakeFirst();
}

/**
 * The address has an account now: its other links are dead. One that is being spent at this moment is passed over:
 * whoever spends it waits for our account and will find it, so waiting for them would be a deadlock.
 */
export async function deleteSignUps(tx: Tx, emailKey: string): Promise<void> {
  await tx
    .deleteFrom("sign_up")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("sign_up")
        .select("id")
        .where("email_key", "=", emailKey)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
