import type { Db, Tx } from "../../platform/db/db.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";

/** What a mail's link does; the schema holds the same list. One made for one thing does no other (T1). */
export type LinkPurpose =
  | "confirm-address"
  | "undo-address"
  | "new-password"
  | "begin-recovery"
  | "stop-recovery";

/**
 * Makes the secret of a mail's link; its digest alone is stored. Several mails may lead to one subject, and the
 * subject says whether that was done: a link by itself is never spent.
 */
export async function makeLink(
  tx: Tx,
  link: { purpose: LinkPurpose; subjectId: string; endsAt: Date },
): Promise<string> {
  const token = newToken();
  await tx
    .insertInto("mail_link")
    .values({
      token_hash: hashToken(token),
      purpose: link.purpose,
      subject_id: link.subjectId,
      ends_at: link.endsAt,
    })
    .execute();
  return token;
}

/** What a link is about; undefined when there is none such, or it has ended. */
export async function findLink(
  db: Db,
  { token, purpose, now }: { token: string; purpose: LinkPurpose; now: Date },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("mail_link")
    .select("subject_id")
    .where("token_hash", "=", hashToken(token))
    .where("purpose", "=", purpose)
    .where("ends_at", ">", now)
    .executeTakeFirst();
  return row?.subject_id;
}

/** Spends a link whose subject keeps no count: of any number of calls at once exactly one gets it. */
export async function spendLink(
  tx: Tx,
  { token, purpose, now }: { token: string; purpose: LinkPurpose; now: Date },
): Promise<string | undefined> {
  const row = await tx
    .deleteFrom("mail_link")
    .where("token_hash", "=", hashToken(token))
    .where("purpose", "=", purpose)
    .where("ends_at", ">", now)
    .returning("subject_id")
    .executeTakeFirst();
  return row?.subject_id;
}
