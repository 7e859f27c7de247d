import type { Config } from "../../config.ts";
import { KEEP_NOTICES_DAYS } from "../../contract/notice/inbox.ts";
import type { Db } from "../db/db.ts";
import { defineJob } from "./define-job.ts";

const HOUR_MS = 3_600_000;
/** As promised with Idempotency-Key, ms. */
const KEEP_REPLIES_MS = 24 * HOUR_MS;
/** Every link in a mail is dead by then; what was not sent is not sent any more, ms. */
const KEEP_MAILS_MS = 7 * 24 * HOUR_MS;
/** How long a notice stands in an inbox, seen or not, ms. */
const KEEP_NOTICES_MS = KEEP_NOTICES_DAYS * 24 * HOUR_MS;
/** An address that was not refused again for so long is forgotten: nothing is sent there any more, ms. */
const KEEP_FAILING_MS = 90 * 24 * HOUR_MS;
/** Mails that the sandbox keeps at most. */
const KEEP_SANDBOX_MAILS = 5_000;

/** Removes what has ended. Nothing is decided by it: each of these rows is dead by its time already. */
export const sweepJob = defineJob({
  name: "sweep",
  timeoutMs: 60_000,
  async run({ ctx }) {
    await sweep(ctx.db, ctx.config, ctx.now());
  },
});

export async function sweep(db: Db, config: Pick<Config, "smtpUrl">, now: Date): Promise<void> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  await db.deleteFrom("throttle").where("ends_at", "<=", now).execute();
  await db.deleteFrom("sign_up").where("ends_at", "<=", now).execute();
  await db
    .deleteFrom("idempotent_reply")
    .where("created_at", "<=", before(KEEP_REPLIES_MS))
    .execute();
  await db.deleteFrom("outgoing_mail").where("created_at", "<=", before(KEEP_MAILS_MS)).execute();
  // With their items in inboxes.
  await db.deleteFrom("notice").where("created_at", "<=", before(KEEP_NOTICES_MS)).execute();
  await db
    .deleteFrom("failing_address")
    .where("failed_at", "<=", before(KEEP_FAILING_MS))
    .execute();
  if (config.smtpUrl === undefined) await trimSandbox(db);
}

async function trimSandbox(db: Db): Promise<void> {
  const oldest = await db
    .selectFrom("outgoing_mail")
    .select("id")
    .orderBy("id", "desc")
    .offset(KEEP_SANDBOX_MAILS)
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined)
    await db.deleteFrom("outgoing_mail").where("id", "<=", oldest.id).execute();
}
