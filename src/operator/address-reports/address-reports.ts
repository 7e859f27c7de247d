import {
  MAX_ADDRESS_REPORTS,
  type AddressReportList,
} from "../../contract/operator/address-reports.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { emailHint } from "../accounts/email-hint.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";

/** Changes of a sign-in address that their accounts' holders said were not theirs. @throws {ProblemError} `not-found` */
export async function readAddressReports(ctx: Context): Promise<AddressReportList> {
  requireOperator(ctx);
  const rows = await ctx.db
    .selectFrom("account_report as report")
    .innerJoin("account", "account.id", "report.account_id")
    .select(["report.id", "report.reported_at", "report.closed_at"])
    .select(["account.id as account_id", "display_name", "email"])
    .orderBy((eb) => eb("report.closed_at", "is", null), "desc")
    .orderBy("report.reported_at", "desc")
    .orderBy("report.id")
    .limit(MAX_ADDRESS_REPORTS)
    .execute();
  return {
    reports: rows.map((row) => ({
      id: row.id,
      account: {
        id: row.account_id,
        displayName: row.display_name,
        emailHint: emailHint(row.email) ?? "",
      },
      reportedAt: row.reported_at.toISOString(),
      closedAt: row.closed_at?.toISOString() ?? null,
    })),
  };
}

/**
 * Marks a report as dealt with: of two at once one does.
 *
 * @throws {ProblemError} `step-up-required`; `not-found` when there is no such open one.
 */
export async function closeAddressReport(ctx: Context, reportId: string): Promise<void> {
  const { accountId: by } = requireOperator(ctx);
  await changeAsOperator(ctx, {}, async (tx) => {
    const closed = await tx
      .updateTable("account_report")
      .set({ closed_at: ctx.now(), closed_by: by })
      .where("id", "=", reportId)
      .where("closed_at", "is", null)
      .returning("account_id")
      .executeTakeFirst();
    if (closed === undefined) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "address-report.closed",
      targets: [accountTarget(closed.account_id), { type: "report", id: reportId }],
    });
  });
}
