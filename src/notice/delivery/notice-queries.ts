import type { MailKind } from "../../contract/mails.ts";
import type { NoticeClass } from "../../contract/notice/classes.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { NoticeContent } from "./notice-content.ts";

export async function insertNotice(
  tx: Tx,
  given: {
    id: string;
    kind: MailKind;
    class: NoticeClass;
    content: NoticeContent | null;
    requestId: string | null;
    now: Date;
  },
): Promise<void> {
  const { id, kind, content, requestId, now } = given;
  await tx
    .insertInto("notice")
    .values({
      id,
      kind,
      class: given.class,
      content: content === null ? null : JSON.stringify(content),
      request_id: requestId,
      created_at: now,
    })
    .execute();
}

export async function insertInboxItems(
  tx: Tx,
  noticeId: string,
  accountIds: readonly string[],
): Promise<void> {
  if (accountIds.length === 0) return;
  await tx
    .insertInto("inbox_item")
    .values(accountIds.map((account_id) => ({ account_id, notice_id: noticeId })))
    .execute();
}
