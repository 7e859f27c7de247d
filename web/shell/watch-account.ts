import { answerInterruption } from "../api/interruptions.ts";
import { leavePage } from "../api/leave-page.ts";
import { pageAccount } from "../api/page-account.ts";
import { paths } from "../paths.ts";
import { currentLevel } from "./require-session.ts";

/**
 * Takes a page away once it is no longer its reader's: another tab signed out, or somebody else in; or
 * Back brought up a page as it was, out of the browser's memory, after its session had ended. Calls are
 * safe without this (page-account.ts); it is for what stands on the screen.
 */
export function watchAccount(): void {
  pageAccount.onTold((accountId) => {
    const own = pageAccount.id();
    if (own === null) return;
    if (accountId === null) void leavePage(paths.signIn({ notice: "signed-out" }));
    else if (accountId !== own) void leavePage(paths.anotherAccount());
    else answerInterruption("sign-in", true);
  });
  globalThis.addEventListener("pageshow", ({ persisted }) => {
    if (persisted && pageAccount.id() !== null) void showIfOwn();
  });
}

/** Nothing is seen before the server has said that the session still is the one of this page. */
async function showIfOwn(): Promise<void> {
  document.body.hidden = true;
  const level = await currentLevel().catch(() => null);
  if (level === "full") document.body.hidden = false;
  else globalThis.location.reload();
}
