import { builtInRoles, type MemberRole, type Role } from "../../contract/access/roles.ts";
import type { PhraseKey } from "../../contract/mails.ts";
import type { Context } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { MailValue, Phrase } from "../../platform/mail/compose-mail.ts";
import type { AppAccess } from "./app-access.ts";

/** How an end reads in a mail. */
export const endPhrase = (expiresAt: Date | null): Phrase =>
  expiresAt === null ? { say: "noEnd" } : { say: "until", with: { at: expiresAt } };

/** A role by what it is called; one of the app's own has its own name in every language. */
export function rolePhrase(role: string): MailValue {
  return Object.hasOwn(builtInRoles, role) ? { say: `role-${role}` as PhraseKey } : role;
}

/** "an owner", "an officer". */
export const memberPhrase = (role: MemberRole): Phrase => ({ say: role });

/** Tells everybody who has a role of the app's own what it means from now on. */
export async function mailHoldersOfRole(
  tx: Tx,
  ctx: Context,
  { access: { app }, role }: { access: AppAccess; role: Role },
): Promise<void> {
  const holders = await tx
    .selectFrom("access_grant")
    .select("account_id")
    .where("app_id", "=", app.id)
    .where("role", "=", role.name)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", ctx.now())]))
    .execute();
  await tell(
    tx,
    ctx,
    holders.map((row) => row.account_id),
    {
      kind: "role-changed",
      values: {
        app: app.name,
        organisation: app.organisationName,
        role: role.name,
        permissions: role.permissions.join(", "),
      },
      lines: ["what", "now"],
    },
  );
}
