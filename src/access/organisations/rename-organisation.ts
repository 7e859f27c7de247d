import type { Organisation } from "../../contract/access/organisations.ts";
import type { Context } from "../../context.ts";
import { record } from "../../record/entries/change.ts";
import { renameOrganisationRow } from "./organisation-queries.ts";
import { toOrganisation } from "./read-organisations.ts";
import { changeOrganisation } from "./require-membership.ts";

/** Gives the organisation another name. @throws {ProblemError} `not-found`, `forbidden` to an officer. */
export async function renameOrganisation(
  ctx: Context,
  { organisationId, name: typed }: { organisationId: string; name: string },
): Promise<Organisation> {
  const name = typed.trim();
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "owner", locks: "relies" },
    async (tx, membership) => {
      await renameOrganisationRow(tx, { organisationId, name });
      await record(tx, ctx, {
        action: "organisation.renamed",
        organisationId,
        targets: [{ type: "organisation", id: organisationId }],
        change: { before: { name: membership.name }, after: { name } },
      });
      return toOrganisation({ ...membership, name });
    },
  );
}
