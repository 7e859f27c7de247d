import { DEFAULT_LANGUAGE, isLanguage } from "../../contract/languages.ts";
import type { Db } from "../../platform/db/db.ts";
import type { ReaderChoice } from "./reader.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";

/** What a mail wants to know of an account. */
export const recipientColumns = [
  "account.id",
  "account.email",
  "account.display_name",
  "account.language",
  "account.time_zone",
] as const;

export type RecipientRow = {
  id: string;
  email: string | null;
  display_name: string;
  language: string;
  time_zone: string | null;
};

/** Null for a service account: it has no mailbox. A language that this release does not know is read as English. */
export function toRecipient(row: RecipientRow): Recipient | null {
  if (row.email === null) return null;
  return { to: row.email, name: row.display_name, ...storedReader(row), accountId: row.id };
}

export const storedReader = (row: {
  language: string;
  time_zone: string | null;
}): ReaderChoice => ({
  language: isLanguage(row.language) ? row.language : DEFAULT_LANGUAGE,
  timeZone: row.time_zone,
});

/** Whoever's account has the address, as mails go to it; undefined when none has. */
export async function recipientAt(db: Db, emailKey: string): Promise<Recipient | undefined> {
  const row = await db
    .selectFrom("account")
    .select(recipientColumns)
    .where("account.email_key", "=", emailKey)
    .executeTakeFirst();
  return (row && toRecipient(row)) ?? undefined;
}
