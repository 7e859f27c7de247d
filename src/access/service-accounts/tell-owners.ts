import type { Context } from "../../context.ts";
import { recipientsOf } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail, MailValue } from "../../platform/mail/compose-mail.ts";

/** Tells each owner of the organisation, in the change's transaction. */
export async function tellOwners(
  tx: Tx,
  ctx: Context,
  organisationId: string,
  mail: Mail,
): Promise<void> {
  await tellOwnersBut([], tx, ctx, { organisationId, mail });
}

/** The same without those who know already. */
export async function tellOwnersBut(
  except: readonly string[],
  tx: Tx,
  ctx: Context,
  { organisationId, mail }: { organisationId: string; mail: Mail },
): Promise<void> {
  const owners = await tx
    .selectFrom("organisation_member as member")
    .innerJoin("account", "account.id", "member.account_id")
    .select("account.id")
    .where("member.organisation_id", "=", organisationId)
    .where("member.role", "=", "owner")
    .where("account.disabled_at", "is", null)
    .orderBy("account.id")
    .execute();
  const told = owners.map(({ id }) => id).filter((id) => !except.includes(id));
  await ctx.ports.notify(tx, ctx, { mail, recipients: await recipientsOf(tx, told) });
}

/** Who did it, as a mail says it: a person by name and address, a key by its id, the operator's command line. */
export async function actorName(
  tx: Tx,
  { principal }: Pick<Context, "principal">,
): Promise<MailValue> {
  if (principal.kind === "api-key") return { say: "theKey", with: { keyId: principal.keyId } };
  if (principal.kind !== "session") return { say: "theOperator" };
  const account = await tx
    .selectFrom("account")
    .select(["display_name", "email"])
    .where("id", "=", principal.accountId)
    .executeTakeFirstOrThrow();
  return `${account.display_name} (${account.email})`;
}
