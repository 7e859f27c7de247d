import type { SessionRules, SessionRulesChange } from "../../contract/access/session-rules.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { requireNarrow } from "../address-rules/change-rules.ts";
import { checkEntries, type CheckedRules } from "../address-rules/check-entries.ts";
import { RECENT_MS } from "../address-rules/read-rules.ts";
import { isSame, nextState, type RulesState } from "../address-rules/rules-state.ts";
import { MAX_ADDRESSES, viewSessionRules } from "./read-session-rules.ts";
import {
  findSessionRules,
  keepSessionRules,
  listSeenAddresses,
  writeSessionRules,
} from "./session-rule-queries.ts";

/**
 * Sets from where the caller's own sessions may be used: the guard rails are those of keys. Without `confirm` an
 * enforcement takes effect at once and goes back by itself after 10 minutes; with it the change is for good.
 *
 * @throws {ProblemError} `step-up-required`, `invalid-request`; without `confirm` also `network-too-wide`, and
 *   `callers-would-be-cut-off` where a session was used lately from elsewhere, this one too.
 */
export async function changeSessionRules(
  ctx: Context,
  { mode, entries, confirm = false }: SessionRulesChange,
): Promise<SessionRules> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  const checked = checkEntries({ mode, entries });
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const now = ctx.now();
    const before = await findSessionRules(tx, { accountId, now });
    if (!confirm) await requireHarmless(tx, ctx, { before, checked });
    const after = nextState(before, checked.rules, { isConfirmed: confirm, now });
    await writeSessionRules(tx, accountId, { ...after, now });
    await record(tx, ctx, {
      action: "session-rules.changed",
      targets: [accountTarget(accountId)],
      change: {
        before: before.current,
        after: { ...after.current, revertsAt: after.pending?.revertsAt ?? null },
      },
    });
    await tellChanged(tx, ctx, after);
    return await viewSessionRules(tx, ctx);
  });
}

/** Makes a change stay that would go back by itself. @throws {ProblemError} `step-up-required`, `nothing-to-confirm`. */
export async function confirmSessionRules(ctx: Context): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const now = ctx.now();
    const { current } = await findSessionRules(tx, { accountId, now });
    if (!(await keepSessionRules(tx, { accountId, now })))
      throw new ProblemError("nothing-to-confirm");
    await record(tx, ctx, {
      action: "session-rules.confirmed",
      targets: [accountTarget(accountId)],
      change: { after: { ...current, revertsAt: null } },
    });
    await tellChanged(tx, ctx, { current, pending: null });
  });
}

async function requireHarmless(
  tx: Tx,
  ctx: Context,
  { before, checked }: { before: RulesState; checked: CheckedRules },
): Promise<void> {
  requireNarrow(before.current, checked);
  const { rules } = checked;
  if (rules.mode !== "enforce" || isSame(rules, before.current)) return;
  const { accountId } = sessionOf(ctx);
  const now = ctx.now();
  const since = new Date(now.getTime() - RECENT_MS);
  const seen = await listSeenAddresses(tx, { accountId, since, limit: MAX_ADDRESSES });
  const own = { address: ctx.origin.address, lastSeenAt: now };
  const compiled = compileRules(rules.entries);
  const cutOff = [own, ...seen.filter(({ address }) => address !== own.address)].filter(
    ({ address }) => address === null || matchRules(compiled, address) === -1,
  );
  if (cutOff.length === 0) return;
  throw new ProblemError("callers-would-be-cut-off", {
    detail: { code: "callers-cut-off", params: { count: cutOff.length } },
    members: {
      callers: cutOff.map(({ address, lastSeenAt }) => ({
        address,
        lastSeenAt: lastSeenAt.toISOString(),
      })),
    },
  });
}

async function tellChanged(
  tx: Tx,
  ctx: Context,
  { current, pending }: Pick<RulesState, "current" | "pending">,
): Promise<void> {
  const { accountId } = sessionOf(ctx);
  const what = current.mode === "off" ? "off" : "on";
  const values = { count: current.entries.length };
  await tell(
    tx,
    ctx,
    accountId,
    pending === null
      ? { kind: "session-rules-changed", values, lines: [what] }
      : {
          kind: "session-rules-changed",
          values: { ...values, endsAt: pending.revertsAt },
          lines: [what, "back"],
        },
  );
}
