import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../accounts/tell.ts";

/** From here on every mail about recovery codes asks for a new set. */
const WARN_AT = 3;

export async function mailEnrolled(
  tx: Tx,
  ctx: Context,
  accountId: string,
  isReplacement: boolean,
) {
  const kind = isReplacement ? "factor-replaced" : "factor-enrolled";
  await tell(tx, ctx, accountId, { kind, values: {}, lines: ["what", "codes"] });
}

export async function mailRecovered(tx: Tx, ctx: Context, accountId: string) {
  await tell(tx, ctx, accountId, {
    kind: "recovery-finished",
    values: {},
    lines: ["what", "codes"],
  });
}

export async function mailFactorLost(tx: Tx, ctx: Context, accountId: string, codesLeft: number) {
  await tell(tx, ctx, accountId, {
    kind: "factor-lost",
    values: { count: codesLeft },
    lines: ["what", codesLeft === 0 ? "none" : "some"],
  });
}

export async function mailRecoveryCodesReplaced(tx: Tx, ctx: Context, accountId: string) {
  await tell(tx, ctx, accountId, { kind: "recovery-codes-replaced", values: {}, lines: ["what"] });
}

export async function mailRecoveryCodeUsed(tx: Tx, ctx: Context, accountId: string, left: number) {
  const values = { count: left };
  await tell(
    tx,
    ctx,
    accountId,
    left <= WARN_AT
      ? { kind: "recovery-codes-low", values, lines: ["what", "soon"] }
      : { kind: "recovery-code-used", values, lines: ["what"] },
  );
}

export async function mailFactorPaused(
  tx: Tx,
  ctx: Context,
  accountId: string,
  pauseMinutes: number,
) {
  const values = { minutes: pauseMinutes };
  await tell(tx, ctx, accountId, { kind: "codes-paused", values, lines: ["what"] });
}
