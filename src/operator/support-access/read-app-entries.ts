import type { SupportQuery } from "../../contract/operator/support-access.ts";
import type { EntryList } from "../../contract/record/entries.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { listEntries } from "../../record/search/list-entries.ts";
import { requireOperator } from "../require-operator.ts";
import { findLiveConsent } from "./consent-queries.ts";

/**
 * A page of one app's entries, for an operator whom an owner let in: the consent must hold now, at this
 * very read. That it was read stands in the app's own log.
 *
 * @throws {ProblemError} `not-found`, `consent-required`; `invalid-request` naming the filters at fault.
 */
export async function readAppEntries(
  ctx: Context,
  { appId, ...query }: SupportQuery,
): Promise<EntryList> {
  requireOperator(ctx);
  const app = await ctx.db
    .selectFrom("app")
    .select("organisation_id")
    .where("id", "=", appId)
    .executeTakeFirst();
  if (app === undefined) throw new ProblemError("not-found");
  ctx.notes = {
    appId,
    organisationId: app.organisation_id,
    targets: [{ type: "app", id: appId }],
  };
  const consent = await findLiveConsent(ctx.db, { appId, now: ctx.now() });
  if (consent === undefined) throw new ProblemError("consent-required");
  ctx.notes.reason = consent.reason;
  ctx.notes.targets = [
    { type: "app", id: appId },
    { type: "support-consent", id: consent.id },
  ];
  // The log's own reading, with the consent's app in place of what the operator may read themselves.
  const entryScope = async () => ({ accountId: null, appIds: [appId] });
  return await listEntries({ ...ctx, ports: { ...ctx.ports, entryScope } }, query);
}
