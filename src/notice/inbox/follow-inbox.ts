import type { InboxEvents } from "../../contract/notice/inbox.ts";
import type { Context } from "../../context.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { liveEvent, liveEvents } from "../../platform/http/live-events.ts";
import { inboxState } from "./inbox-queries.ts";

/** What stands in the caller's inbox, once at the beginning and whenever that changes. */
export function followInbox(
  ctx: Context,
  { signal, recheck }: { signal: AbortSignal; recheck: () => Promise<void> },
): AsyncGenerator<string> {
  const { accountId } = sessionOf(ctx);
  let said = "";
  const look = async (): Promise<string> => {
    await recheck();
    const state: InboxEvents["inbox"] = await inboxState(ctx.db, accountId);
    const text = liveEvent("inbox", state);
    if (text === said) return "";
    said = text;
    return text;
  };
  return liveEvents({ look, signal, log: ctx.log });
}
