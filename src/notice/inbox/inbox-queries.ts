import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { NoticeContent } from "../delivery/notice-content.ts";

export type InboxRow = {
  id: string;
  kind: string;
  class: string;
  content: NoticeContent | null;
  request_id: string | null;
  created_at: Date;
  seen_at: Date | null;
  archived_at: Date | null;
};

/** One account's items, newest first: ids begin with their time (UUIDv7, RFC 9562 §5.7). */
export async function listItems(
  db: Db,
  asked: { accountId: string; isArchived: boolean; before: string | undefined; limit: number },
): Promise<InboxRow[]> {
  let query = db
    .selectFrom("inbox_item as item")
    .innerJoin("notice", "notice.id", "item.notice_id")
    .select([
      "notice.id",
      "notice.kind",
      "notice.class",
      "notice.content",
      "notice.request_id",
      "notice.created_at",
      "item.seen_at",
      "item.archived_at",
    ])
    .where("item.account_id", "=", asked.accountId)
    .where("item.archived_at", asked.isArchived ? "is not" : "is", null);
  if (asked.before !== undefined) query = query.where("item.notice_id", "<", asked.before);
  const rows = await query.orderBy("item.notice_id", "desc").limit(asked.limit).execute();
  return rows.map((row) => ({ ...row, content: row.content as NoticeContent | null }));
}

/** How many were neither seen nor put away, and the newest of all. */
export async function inboxState(
  db: Db,
  accountId: string,
): Promise<{ unread: number; newest: string | null }> {
  const { rows } = await sql<{ unread: number; newest: string | null }>`
    select
      (select count(*)::int from inbox_item
        where account_id = ${accountId} and seen_at is null and archived_at is null) as unread,
      (select notice_id from inbox_item where account_id = ${accountId}
        order by notice_id desc limit 1) as newest`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("a select without a table returns one row");
  return row;
}

type Marking = { accountId: string; ids: readonly string[]; now: Date };

/** Those of the account's own that were not seen yet; who they are of is in the WHERE. */
export async function markSeen(tx: Tx, { accountId, ids, now }: Marking): Promise<string[]> {
  const rows = await tx
    .updateTable("inbox_item")
    .set({ seen_at: now })
    .where("account_id", "=", accountId)
    .where("notice_id", "in", ids)
    .where("seen_at", "is", null)
    .returning("notice_id")
    .execute();
  return rows.map(({ notice_id }) => notice_id);
}

/** Puts away what stands in the inbox, or takes it back. */
export async function markArchived(
  tx: Tx,
  { accountId, ids, now, isArchived }: Marking & { isArchived: boolean },
): Promise<string[]> {
  const rows = await tx
    .updateTable("inbox_item")
    .set({ archived_at: isArchived ? now : null })
    .where("account_id", "=", accountId)
    .where("notice_id", "in", ids)
    .where("archived_at", isArchived ? "is" : "is not", null)
    .returning("notice_id")
    .execute();
  return rows.map(({ notice_id }) => notice_id);
}
