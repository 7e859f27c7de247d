import type { Db, Tx } from "../../platform/db/db.ts";

export type ReportRow = {
  id: string;
  account_id: string;
  display_name: string;
  email: string | null;
  user_agent: string;
  address: string | null;
  signed_in_at: Date;
  reported_at: Date;
  ended_sessions: number;
  closed_at: Date | null;
};

/** Open ones first, each kind newest first. */
export async function listReports(db: Db, limit: number): Promise<ReportRow[]> {
  return await db
    .selectFrom("stranger_report")
    .innerJoin("account", "account.id", "stranger_report.account_id")
    .select(["stranger_report.id", "account_id", "display_name", "email", "user_agent", "address"])
    .select(["signed_in_at", "reported_at", "ended_sessions", "closed_at"])
    .orderBy((eb) => eb("closed_at", "is", null), "desc")
    .orderBy("reported_at", "desc")
    .orderBy("stranger_report.id")
    .limit(limit)
    .execute();
}

export async function countOpen(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom("stranger_report")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("closed_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** @returns whose account it is about; undefined when there is no such open report. */
export async function closeOpen(
  tx: Tx,
  { reportId, by, now }: { reportId: string; by: string; now: Date },
): Promise<{ accountId: string } | undefined> {
  return await tx
    .updateTable("stranger_report")
    .set({ closed_at: now, closed_by: by })
    .where("id", "=", reportId)
    .where("closed_at", "is", null)
    .returning("account_id as accountId")
    .executeTakeFirst();
}
