import { systemContext } from "../../src/context.ts";
import { remindOfRecovery } from "../../src/identity/recovery/remind-of-recovery.job.ts";
import type { Harness } from "../harness.ts";
import { linkToken, type EnrolledPerson } from "./identity.ts";

let host = 0;
/** Another network each time, so that tests do not use up each other's allowance. */
export const elsewhere = () => `203.0.113.${(host += 1) % 250}`;

/** Somebody has lost everything: by their mail's link the wait has begun. */
export async function beginRecovery(h: Harness, { email }: Pick<EnrolledPerson, "email">) {
  await h.call("POST", "/v1/recovery", { body: { email }, from: elsewhere() });
  const body = { token: await linkToken(h, email) };
  const reply = await h.call("POST", "/v1/recovery/begin", { body, from: elsewhere() });
  if (reply.status !== 200) throw new Error(`recovery: ${reply.status} ${reply.text}`);
  return reply.body as { readyAt: string; endsAt: string };
}

/** The reset of an account that waits, or that can be used. */
export async function openResetOf(h: Harness, accountId: string): Promise<string> {
  const { id } = await h.db
    .selectFrom("factor_reset")
    .select("id")
    .where("account_id", "=", accountId)
    .where("closed_at", "is", null)
    .executeTakeFirstOrThrow();
  return id;
}

export const remind = (h: Harness, resetId: string, stage: "waiting" | "ready") =>
  remindOfRecovery.run(
    { ctx: systemContext(h.services, "remind-of-recovery"), signal: AbortSignal.timeout(30_000) },
    { resetId, stage },
  );
