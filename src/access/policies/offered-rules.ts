import { strictestRules, type StrictestRules } from "../../contract/identity/strictest-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import type { InvitationRow, PartRow } from "../sharing/invitation-queries.ts";
import { organisationNames } from "../sharing/ref-queries.ts";
import { readPolicies } from "./policy-queries.ts";

/**
 * What would bind whoever accepts an invitation, by that alone. Whoever holds the link may see it: so it says
 * neither who the owners are nor what else binds the account.
 */
export async function offeredRules(
  db: Db,
  { invitation, parts, now }: { invitation: InvitationRow; parts: readonly PartRow[]; now: Date },
): Promise<StrictestRules> {
  const ids = [...parts.map((part) => part.organisation_id), invitation.organisation_id];
  const names = await organisationNames(db, ids);
  const policies = await readPolicies(db, [...names.keys()]);
  const ties = [...policies].map(([id, { rules, ages }]) => ({
    organisation: { id, name: names.get(id) ?? "" },
    owners: [],
    apps: parts
      .filter((part) => part.organisation_id === id)
      .map((part) => ({ id: part.app_id, name: part.app_name })),
    isMember: id === invitation.organisation_id,
    beganAt: now,
    rules,
    ages,
    demandedAt: null,
  }));
  return strictestRules(ties, null);
}
