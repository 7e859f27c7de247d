import {
  MAX_STRANGER_REPORTS,
  type StrangerReport,
  type StrangerReportList,
} from "../../contract/operator/stranger-reports.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { deviceName } from "../../identity/sessions/device-name.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { emailHint } from "../accounts/email-hint.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { closeOpen, countOpen, listReports, type ReportRow } from "./report-queries.ts";

/** Sign-ins that were said to be a stranger's, those that nobody has dealt with first. @throws {ProblemError} `not-found` */
export async function readStrangerReports(ctx: Context): Promise<StrangerReportList> {
  requireOperator(ctx);
  const rows = await listReports(ctx.db, MAX_STRANGER_REPORTS);
  return { reports: rows.map(toReport), open: await countOpen(ctx.db) };
}

/** Marks a report as dealt with. @throws {ProblemError} `step-up-required`; `not-found` when there is no such open one. */
export async function closeStrangerReport(ctx: Context, reportId: string): Promise<void> {
  const { accountId: by } = requireOperator(ctx);
  await changeAsOperator(ctx, {}, async (tx) => {
    const closed = await closeOpen(tx, { reportId, by, now: ctx.now() });
    if (closed === undefined) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "stranger-report.closed",
      targets: [accountTarget(closed.accountId), { type: "stranger-report", id: reportId }],
    });
  });
}

const toReport = (row: ReportRow): StrangerReport => ({
  id: row.id,
  account: {
    id: row.account_id,
    displayName: row.display_name,
    emailHint: emailHint(row.email) ?? "",
  },
  device: deviceName(row.user_agent),
  address: row.address,
  signedInAt: row.signed_in_at.toISOString(),
  reportedAt: row.reported_at.toISOString(),
  endedSessions: row.ended_sessions,
  closedAt: row.closed_at?.toISOString() ?? null,
});
