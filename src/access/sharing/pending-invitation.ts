import type { PendingInvitation } from "../../contract/access/sharing-people-views.ts";
import { statusOf } from "./invitation.ts";
import type { OrganisationInvitation } from "./people-queries.ts";

/** An invitation as it stands in a person's row. */
export function toPending(
  { row, parts }: OrganisationInvitation,
  { names, now }: { names: ReadonlyMap<string, string>; now: Date },
): PendingInvitation {
  const { organisation_id: id, organisation_role: role } = row;
  return {
    id: row.id,
    email: row.email,
    status: statusOf(row, now),
    sentAt: row.sent_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    apps: parts.map((part) => ({
      app: { id: part.app_id, name: part.app_name },
      role: part.role,
    })),
    organisation: id === null || role === null ? null : { id, name: names.get(id) ?? "", role },
  };
}
