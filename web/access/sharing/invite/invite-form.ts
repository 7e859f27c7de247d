import type { NewInvitation } from "../../../../src/contract/access/sharing.ts";
import type { App } from "../access-api.ts";
import { endOf, NO_END, type ChosenEnd } from "../end.ts";

export type InvitedAppRow = { key: number; appId: string; role: string; expiresAt: ChosenEnd };

export type InviteValues = { email: string; displayName: string; apps: InvitedAppRow[] };

let keys = 0;

/** An empty row; the key keeps its fields in place when another row goes. */
export const newRow = (appId = "", role = ""): InvitedAppRow => ({
  key: keys++,
  appId,
  role,
  expiresAt: NO_END,
});

/** What is sent. A name left empty is none: the person types it when they accept. */
export function toInvitation({ email, displayName, apps }: InviteValues, now: Date): NewInvitation {
  return {
    email: email.trim(),
    ...(displayName.trim() !== "" && { displayName: displayName.trim() }),
    apps: apps.map(({ appId, role, expiresAt }) => {
      const end = endOf(expiresAt, now);
      return { appId, role, ...(end !== null && { expiresAt: end.toISOString() }) };
    }),
  };
}

/**
 * Apps that a row can choose: none that another row has, and only of the organisation that the other rows
 * are of, because one organisation's people must not read another's invitations.
 */
export function choosableApps(
  apps: readonly App[],
  rows: readonly InvitedAppRow[],
  index: number,
): App[] {
  const others = rows.filter((_, each) => each !== index).map(({ appId }) => appId);
  const organisations = new Set(
    apps.filter(({ id }) => others.includes(id)).map(({ organisation }) => organisation.id),
  );
  return apps.filter(
    ({ id, organisation }) =>
      !others.includes(id) && (organisations.size === 0 || organisations.has(organisation.id)),
  );
}
