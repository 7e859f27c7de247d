import type { SessionRules } from "../../contract/access/session-rules.ts";
import type { Context } from "../../context.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import { warningsOf } from "../address-rules/check-entries.ts";
import { RECENT_MS } from "../address-rules/read-rules.ts";
import type { StoredRules } from "../address-rules/stored-rules.ts";
import { findSessionRules, listSeenAddresses } from "./session-rule-queries.ts";

/** Addresses shown with the list; the most recent. */
export const MAX_ADDRESSES = 50;

/** The caller's list with all that helps to judge it. */
export async function viewSessionRules(db: Db, ctx: Context): Promise<SessionRules> {
  const { accountId } = sessionOf(ctx);
  const now = ctx.now();
  const { current, pending, heldOffUntil } = await findSessionRules(db, { accountId, now });
  const compiled = compileRules(current.entries);
  const since = new Date(now.getTime() - RECENT_MS);
  const seen = await listSeenAddresses(db, { accountId, since, limit: MAX_ADDRESSES });
  return {
    ...toList(current),
    revertsAt: pending?.revertsAt.toISOString() ?? null,
    revertsTo: pending && toList(pending.revertsTo),
    yourAddress: ctx.origin.address,
    recentAddresses: seen.flatMap(({ address, lastSeenAt }) =>
      address === null
        ? []
        : [
            {
              address,
              lastSeenAt: lastSeenAt.toISOString(),
              isCovered: matchRules(compiled, address) !== -1,
            },
          ],
    ),
    warnings: warningsOf(current),
    heldOffUntil: heldOffUntil?.toISOString() ?? null,
  };
}

/** There is no watching here: what is not off is enforced. */
const toList = ({ mode, entries }: StoredRules) => ({
  mode: mode === "off" ? ("off" as const) : ("enforce" as const),
  entries: entries.map(({ cidr }) => ({ cidr })),
});
