import type { Language } from "../../contract/languages.ts";
import {
  DEFAULT_PAGE_ITEMS,
  type ArchiveMarks,
  type Inbox,
  type InboxMarks,
  type InboxQuery,
  type UnreadReply,
} from "../../contract/notice/inbox.ts";
import type { Context } from "../../context.ts";
import { findPerson } from "../../identity/accounts/account-queries.ts";
import { storedReader } from "../../identity/accounts/recipients.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { readBranding } from "../../platform/branding/branding-queries.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import type { Tx } from "../../platform/db/db.ts";
import { frameOf } from "../../platform/mail/mail-language.ts";
import { change, record } from "../../record/entries/change.ts";
import { inboxState, listItems, markArchived, markSeen } from "./inbox-queries.ts";
import { presentItem } from "./present-item.ts";

/** A page of the caller's inbox, newest first. */
export async function readInbox(ctx: Context, query: InboxQuery): Promise<Inbox> {
  const { accountId } = sessionOf(ctx);
  const limit = Number(query.limit ?? DEFAULT_PAGE_ITEMS);
  const [person, branding, state, rows] = await Promise.all([
    findPerson(ctx.db, accountId),
    readBranding(ctx.db),
    inboxState(ctx.db, accountId),
    listItems(ctx.db, {
      accountId,
      isArchived: query.archived === "true",
      before: query.cursor,
      // One more tells whether there is another page.
      limit: limit + 1,
    }),
  ]);
  const stored = storedReader(person);
  const language: Language = query.language ?? stored.language;
  const reader = { language, name: person.display_name, timeZone: stored.timeZone ?? "UTC" };
  const product = branding.name || frameOf(language).nameless;
  const page = rows.slice(0, limit);
  return {
    items: page.map((row) => presentItem(row, { reader, product })).filter((item) => item !== null),
    unread: state.unread,
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Notes that the caller has seen items. Others' ids, and those seen already, change nothing. */
export async function seeItems(ctx: Context, { ids }: InboxMarks): Promise<UnreadReply> {
  return await mark(ctx, async (tx, marking) => await markSeen(tx, { ids, ...marking }));
}

/** Puts items away, or takes them back. */
export async function archiveItems(
  ctx: Context,
  { ids, archived: isArchived = true }: ArchiveMarks,
): Promise<UnreadReply> {
  return await mark(
    ctx,
    async (tx, marking) => await markArchived(tx, { ids, isArchived, ...marking }),
  );
}

async function mark(
  ctx: Context,
  work: (tx: Tx, marking: { accountId: string; now: Date }) => Promise<string[]>,
): Promise<UnreadReply> {
  const { accountId } = sessionOf(ctx);
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const marked = await work(tx, { accountId, now: ctx.now() });
    await record(tx, ctx, {
      action: "inbox.marked",
      targets: marked.map((id) => ({ type: "notice", id })),
    });
    return { unread: (await inboxState(tx, accountId)).unread };
  });
}
