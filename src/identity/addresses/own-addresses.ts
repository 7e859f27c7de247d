import type { OwnAddresses } from "../../contract/identity/addresses.ts";
import type { Context } from "../../context.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, findPerson } from "../accounts/account-queries.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { mailTo } from "./address-mails.ts";
import {
  deleteBackup,
  endWaiting,
  findBackup,
  listWaiting,
  type AddressKind,
} from "./address-queries.ts";

/** Where mails to the caller go, and which addresses wait for their link to be used. */
export async function readAddresses(ctx: Context): Promise<OwnAddresses> {
  const { accountId } = sessionOf(ctx);
  const { email } = await findPerson(ctx.db, accountId);
  const backup = await findBackup(ctx.db, accountId);
  const waiting = await listWaiting(ctx.db, { accountId, now: ctx.now() });
  return {
    signIn: { email },
    backup:
      backup === undefined
        ? null
        : { email: backup.email, verifiedAt: backup.verifiedAt.toISOString() },
    waiting: waiting.map((row) => ({
      kind: row.kind,
      email: row.email,
      askedAt: row.asked_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    })),
  };
}

/** Removes the second mailbox, which is told before it is gone. @throws {ProblemError} `step-up-required`, `not-found`. */
export async function removeBackup(ctx: Context): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const before = await recipientsOf(tx, accountId);
    if (!(await deleteBackup(tx, accountId))) throw new ProblemError("not-found");
    await mailTo(tx, ctx, before, { kind: "backup-address-removed", values: {}, lines: ["what"] });
    await record(tx, ctx, {
      action: "account.backup-address-removed",
      targets: [accountTarget(accountId)],
    });
  });
}

/** Gives up an address that waits: its link is dead. @throws {ProblemError} `step-up-required`, `not-found`. */
export async function cancelWaiting(ctx: Context, kind: AddressKind): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const ended = await endWaiting(tx, { accountId, kind, now: ctx.now() });
    if (ended === 0) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "account.address-cancelled",
      targets: [accountTarget(accountId)],
      change: { after: { address: kind } },
    });
  });
}
