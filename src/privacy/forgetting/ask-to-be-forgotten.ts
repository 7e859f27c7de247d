import { callerOf } from "../../access/sharing/app-access.ts";
import { changeAsCaller } from "../../access/sharing/change-as-caller.ts";
import type { Erasure } from "../../contract/privacy/erasure.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import {
  insertRequest,
  listElsewhere,
  readRequest,
  withdrawRequest,
} from "../../record/erasure/request-queries.ts";

/** Whether one's own log is to be erased, and in whose logs entries about one stay. */
export async function readErasure(ctx: Context): Promise<Erasure> {
  return await erasureOf(ctx.db, callerOf(ctx));
}

/**
 * Asks that what one's own log says about one be erased: after two weeks, and nothing that is younger than 90
 * days. What stands in others' logs stays until its period ends there; the answer says where.
 *
 * @throws {ProblemError} `step-up-required`; `conflict` when it was asked already.
 */
export async function askToBeForgotten(ctx: Context): Promise<Erasure> {
  requireStepUp(ctx);
  const accountId = callerOf(ctx);
  return await changeAsCaller(ctx, {}, async (tx) => {
    const now = ctx.now();
    const id = uuidv7(now.getTime());
    const from = await insertRequest(tx, { id, accountId, askedBy: accountId, now });
    if (from === null) throw new ProblemError("conflict");
    await tell(tx, ctx, accountId, {
      kind: "erasure-asked",
      values: { from },
      lines: ["what", "stays"],
    });
    await record(tx, ctx, {
      action: "erasure.requested",
      targets: [accountTarget(accountId)],
      change: { after: { from } },
    });
    return await erasureOf(tx, accountId);
  });
}

/** Takes it back; what is erased already stays so. @throws {ProblemError} `step-up-required`, `not-found` */
export async function stayOnRecord(ctx: Context): Promise<void> {
  requireStepUp(ctx);
  const accountId = callerOf(ctx);
  await changeAsCaller(ctx, {}, async (tx) => {
    if (!(await withdrawRequest(tx, accountId, ctx.now()))) throw new ProblemError("not-found");
    await tell(tx, ctx, accountId, { kind: "erasure-withdrawn", values: {}, lines: ["what"] });
    await record(tx, ctx, { action: "erasure.withdrawn", targets: [accountTarget(accountId)] });
  });
}

async function erasureOf(db: Db, accountId: string): Promise<Erasure> {
  const request = await readRequest(db, accountId);
  const elsewhere = await listElsewhere(db, accountId);
  return {
    request:
      request === null
        ? null
        : {
            askedAt: request.askedAt.toISOString(),
            nextAt: request.nextAt?.toISOString() ?? null,
            endedAt: request.endedAt?.toISOString() ?? null,
            held: request.held,
          },
    elsewhere: elsewhere.map(({ id, name, until }) => ({
      organisation: { id, name },
      ground: "security-log",
      until: until.toISOString(),
    })),
  };
}
