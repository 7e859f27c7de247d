import type { MailKind } from "../../contract/mails.ts";
import type { NoticeClass } from "../../contract/notice/classes.ts";
import { mailKinds } from "../../contract/mails.ts";
import type { InboxItem } from "../../contract/notice/inbox.ts";
import { composeMail, type MailReader } from "../../platform/mail/compose-mail.ts";
import { defaultWording } from "../../platform/mail/mail-language.ts";
import { plain } from "../../platform/mail/render-mail.ts";
import { fromContent } from "../delivery/notice-content.ts";
import type { InboxRow } from "./inbox-queries.ts";

/**
 * An item as its reader reads it: the sentences of its mail, in the reader's language now. Null for a kind that this
 * release does not know: a later one wrote it.
 */
export function presentItem(
  { content, ...row }: InboxRow,
  { reader, product }: { reader: MailReader; product: string },
): InboxItem | null {
  if (content === null || !Object.hasOwn(mailKinds, row.kind)) return null;
  const kind = row.kind as MailKind;
  const { mail, facts } = fromContent(kind, content);
  const composed = composeMail(mail, {
    reader,
    wording: defaultWording(kind, reader.language),
    facts: { when: row.created_at, ...facts },
    product,
  });
  const { link } = composed;
  const hasOwnLink = content.hasOwnLink === true;
  return {
    id: row.id,
    class: row.class as NoticeClass,
    kind,
    title: plain(composed.subject),
    text: composed.lines.map(plain),
    facts: composed.facts.map(({ label, value }) => ({ label, value: plain(value) })),
    warning: composed.warning === null ? null : plain(composed.warning),
    link: link === null || hasOwnLink ? null : { label: link.label, path: link.path },
    hasOwnLink,
    at: row.created_at.toISOString(),
    seenAt: row.seen_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
    requestId: row.request_id,
  };
}
