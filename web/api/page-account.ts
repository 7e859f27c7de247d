/** What a tab tells the others: who is signed in in this browser; null after a sign-out. */
type Told = { accountId: string | null };

/** All tabs of the panel in this browser; they share one cookie. */
const tabs = new BroadcastChannel("account");

/** The account that this page's data was read for; null before anybody is known. */
let own: string | null = null;

/**
 * Whose page this is. Each call names it, and the server refuses a call whose cookie is somebody else's by
 * then: what one person began is never carried out for another who signed in meanwhile, here or in
 * another tab.
 */
export const pageAccount = {
  id: (): string | null => own,

  /** The server said who is signed in. Tells the other tabs, which may show somebody else's page. */
  become(accountId: string): void {
    if (own === accountId) return;
    own = accountId;
    tell({ accountId });
  },

  /** On pages for strangers, where somebody has signed in anew: nobody's page, until the server says whose. */
  forget(): void {
    own = null;
  },

  /** This session is over: no other tab goes on showing what was its. */
  tellSignedOut: (): void => tell({ accountId: null }),

  /** The same person has signed in again in place. */
  tellSignedIn: (): void => tell({ accountId: own }),

  /** Calls back with what another tab said; never with what this one did. */
  onTold(hear: (accountId: string | null) => void): void {
    tabs.addEventListener("message", ({ data }: MessageEvent<Told>) => hear(data.accountId));
  },
};

function tell(told: Told): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin: its own
  tabs.postMessage(told);
}
