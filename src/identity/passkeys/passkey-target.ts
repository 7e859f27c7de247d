import type { EntryTarget } from "../../record/entries/entry.ts";

/** How an entry names a passkey. */
export const passkeyTarget = (accountId: string, id: string): EntryTarget => ({
  type: "passkey",
  id,
  accountId,
});
