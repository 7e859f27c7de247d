import type { SupportCase } from "../../contract/operator/support-access.ts";
import type { Context } from "../../context.ts";
import { requireOperator } from "../require-operator.ts";
import { listCases } from "./request-queries.ts";

/** What operators asked and owners gave, newest first. @throws {ProblemError} `not-found` */
export async function readCases(ctx: Context): Promise<SupportCase[]> {
  requireOperator(ctx);
  const rows = await listCases(ctx.db, ctx.now());
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
  }));
}
