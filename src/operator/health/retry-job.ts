import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator } from "../require-operator.ts";
import { retryFailedJob } from "./health-queries.ts";

/** Tries a job again that failed for good. @throws {ProblemError} `not-found`, `step-up-required` */
export async function retryJob(ctx: Context, jobId: string): Promise<void> {
  await changeAsOperator(ctx, {}, async (tx) => {
    if (!(await retryFailedJob(tx, jobId))) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "operator.job-retried",
      targets: [{ type: "job", id: jobId }],
    });
  });
}
