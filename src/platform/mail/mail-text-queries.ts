import type { Language } from "../../contract/languages.ts";
import type { MailKind } from "../../contract/mails.ts";
import type { Db, Tx } from "../db/db.ts";
import { defaultWording, type Wording } from "./mail-language.ts";

/** The words of a mail as of now: the operator's, else ours. Read with each mail, so a change holds from the next on. */
export async function readWording(db: Db, kind: MailKind, language: Language): Promise<Wording> {
  const row = await db
    .selectFrom("mail_text")
    .select(["subject", "intro", "closing"])
    .where("kind", "=", kind)
    .where("language", "=", language)
    .executeTakeFirst();
  const ours = defaultWording(kind, language);
  return {
    subject: row?.subject ?? ours.subject,
    intro: row?.intro ?? ours.intro,
    closing: row?.closing ?? ours.closing,
  };
}

export type StoredWording = {
  kind: string;
  language: string;
  version: number;
  subject: string | null;
  intro: string | null;
  closing: string | null;
  changed_at: Date;
};

const columns = [
  "kind",
  "language",
  "version",
  "subject",
  "intro",
  "closing",
  "changed_at",
] as const;

/** What the operator ever worded anew, or of one mail alone. */
export async function listWordings(
  db: Db,
  of?: { kind: MailKind; language: Language },
): Promise<StoredWording[]> {
  let query = db.selectFrom("mail_text").select(columns);
  if (of !== undefined)
    query = query.where("kind", "=", of.kind).where("language", "=", of.language);
  return await query.execute();
}

/** Keeps words whose version is still the one that was seen (0: none yet); undefined when it is not. */
export async function saveWording(
  tx: Tx,
  given: {
    kind: MailKind;
    language: Language;
    seen: number;
    wording: Pick<StoredWording, "subject" | "intro" | "closing">;
    now: Date;
  },
): Promise<StoredWording | undefined> {
  const { kind, language, seen, wording, now } = given;
  const values = { ...wording, version: seen + 1, changed_at: now };
  if (seen === 0)
    return await tx
      .insertInto("mail_text")
      .values({ ...values, kind, language })
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns)
      .executeTakeFirst();
  return await tx
    .updateTable("mail_text")
    .set(values)
    .where("kind", "=", kind)
    .where("language", "=", language)
    .where("version", "=", seen)
    .returning(columns)
    .executeTakeFirst();
}
