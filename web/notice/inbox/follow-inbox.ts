import type { InboxEvents } from "../../../src/contract/notice/inbox.ts";
import { followLog } from "../../record/action-log/follow-log.ts";

export type InboxState = InboxEvents["inbox"];

/** Asks the page that follows to say how things stand. */
const ASK = "ask";

/**
 * Follows an inbox until the signal: `onState` hears how it stands, and each change. Of all this person's pages in one
 * browser one asks the server and tells the others, the next when that one is left: by HTTP/1.1 a browser opens six
 * connections to a host, and a stream for each page would leave none for their calls.
 */
export function followInbox(
  accountId: string,
  { signal, onState }: { signal: AbortSignal; onState: (state: InboxState) => void },
): void {
  const name = `sallyport-inbox-${accountId}`;
  const channel = new BroadcastChannel(name);
  const say = (what: InboxState | typeof ASK): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has its own origin's pages alone
    channel.postMessage(what);
  };
  let last: InboxState | undefined;
  let isFollowing = false;
  const hear = (state: InboxState): void => {
    last = state;
    onState(state);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<InboxState | typeof ASK>) => {
    if (data !== ASK) hear(data);
    else if (isFollowing && last !== undefined) say(last);
  });
  signal.addEventListener("abort", () => channel.close(), { once: true });
  const follow = async (): Promise<void> => {
    isFollowing = true;
    await followLog("/inbox/stream", {
      isQuiet: true,
      signal,
      onState: () => {},
      onEvent: ({ name: event, data }) => {
        if (event !== "inbox") return;
        hear(data as InboxState);
        say(data as InboxState);
      },
    });
  };
  say(ASK);
  // Given up by the signal while it waited: nothing was followed.
  navigator.locks.request(name, { signal }, follow).catch(() => {});
}
