import type { AddressRules, AddressRulesChange } from "../../contract/access/address-rules.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import type { Tx } from "../../platform/db/db.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { listAllowedCallers } from "../api-keys/caller-queries.ts";
import type { KeyUsage } from "../api-keys/key-usage.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { checkEntries, type CheckedRules } from "./check-entries.ts";
import type { StoredRules } from "./stored-rules.ts";
import { RECENT_MS, viewRules } from "./read-rules.ts";
import { findState, writeState, type RulesOwner } from "./rule-queries.ts";
import { changeScope, type RulesScope } from "./rules-scope.ts";
import { isSame, nextState, type RulesState } from "./rules-state.ts";
import { failureAt } from "../../failures.ts";

/** The job looks this long after the end, so that it never comes too early by a clock's inexactness. */
const TELL_AFTER_MS = 1_000;

/** Callers named in a refusal; the most recent. */
const MAX_CALLERS_NAMED = 200;

export type RulesChange = AddressRulesChange & { owner: RulesOwner };

/**
 * Sets an owner's address rules. Without `confirm` an enforcement takes effect at once and goes back by
 * itself after 10 minutes; with it the change is for good.
 *
 * @throws {ProblemError} `step-up-required`, `invalid-request`, `not-found`, `forbidden`; without
 *   `confirm` also `network-too-wide` and `callers-would-be-cut-off`, which names them.
 */
export async function changeRules(
  ctx: Context,
  usage: KeyUsage,
  { owner, mode, entries, confirm = false }: RulesChange,
): Promise<AddressRules> {
  requireStepUp(ctx);
  const checked = checkEntries({ mode, entries });
  // What was used a moment ago counts too; other processes are at most a minute behind.
  if (mode === "enforce") await usage.flush();
  return await changeScope(ctx, owner, async (tx, scope) => {
    const now = ctx.now();
    const before = await findState(tx, owner, now);
    if (!confirm) await requireHarmless(tx, { owner, before, checked, now });
    const after = nextState(before, checked.rules, { isConfirmed: confirm, now });
    const by = "accountId" in ctx.principal ? ctx.principal.accountId : null;
    await writeState(tx, owner, { ...after, by, now });
    if (after.pending !== null) {
      const { revertsAt } = after.pending;
      const payload = { ...owner, revertsAt: revertsAt.toISOString() };
      const runAt = new Date(revertsAt.getTime() + TELL_AFTER_MS);
      await enqueue(tx, "tell-rules-went-back", payload, { runAt });
    }
    await record(tx, ctx, {
      action: "address-rules.changed",
      organisationId: scope.app.organisationId,
      appId: scope.app.id,
      targets: scope.targets,
      change: {
        before: before.current,
        after: { ...after.current, revertsAt: after.pending?.revertsAt ?? null },
      },
    });
    await tell(tx, ctx, scope, after);
    return await viewRules(tx, ctx, owner);
  });
}

async function requireHarmless(
  tx: Tx,
  given: { owner: RulesOwner; before: RulesState; checked: CheckedRules; now: Date },
): Promise<void> {
  const { owner, before, checked, now } = given;
  requireNarrow(before.current, checked);
  const { rules } = checked;
  // What is enforced already cuts nobody off that it did not; a return to what stood confirmed may.
  if (rules.mode !== "enforce" || isSame(rules, before.current)) return;
  const compiled = compileRules(rules.entries);
  const since = new Date(now.getTime() - RECENT_MS);
  const callers = await listAllowedCallers(tx, { selection: owner, since, now });
  const cutOff = callers.filter(({ address }) => matchRules(compiled, address) === -1);
  if (cutOff.length === 0) return;
  throw new ProblemError("callers-would-be-cut-off", {
    detail: { code: "callers-cut-off", params: { count: cutOff.length } },
    members: {
      callers: cutOff.slice(0, MAX_CALLERS_NAMED).map(({ address, keyId, lastSeenAt, count }) => ({
        address,
        keyId,
        lastSeenAt: lastSeenAt.toISOString(),
        count,
      })),
    },
  });
}

/** A wide network that is on the list already was confirmed once. */
export function requireNarrow(current: StoredRules, { wide }: CheckedRules): void {
  const known = new Set(current.entries.map(({ cidr }) => cidr));
  const errors = wide
    .filter(({ cidr }) => !known.has(cidr))
    .map(({ pointer, cidr }) =>
      failureAt(pointer, { code: "network-wide", params: { network: cidr } }),
    );
  if (errors.length > 0) throw new ProblemError("network-too-wide", { errors });
}

async function tell(
  tx: Tx,
  ctx: Context,
  { app, phrase }: RulesScope,
  { current, pending }: RulesState,
): Promise<void> {
  const values = {
    app: app.name,
    scope: phrase,
    actor: await actorName(tx, ctx),
    mode: { say: `mode-${current.mode}` } as const,
    count: current.entries.length,
  };
  await tellOwners(
    tx,
    ctx,
    app.organisationId,
    pending === null
      ? { kind: "rules-changed", values, lines: ["what", "mode"] }
      : {
          kind: "rules-changed",
          values: { ...values, endsAt: pending.revertsAt },
          lines: ["what", "mode", "back"],
        },
  );
}
