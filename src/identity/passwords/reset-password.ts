import type { Context } from "../../context.ts";
import type { StrictestRules } from "../../contract/identity/strictest-rules.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { choosePassword } from "../accounts/choose-password.ts";
import { tell } from "../accounts/tell.ts";
import { findLink } from "../mail-links/mail-links.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { orBusy } from "../throttling/or-busy.ts";
import { characterRulesOf, rulesOf } from "./effective-policy.ts";
import { findPassword, replacePassword, type StoredPassword } from "./password-queries.ts";
import { endResets, findReset, spendReset } from "./reset-queries.ts";
import { retirePassword, wasUsedWithin } from "./retired-passwords.ts";

/**
 * Gives an account another password by the link that was mailed to it. Every session ends and nobody is signed in:
 * the next sign-in asks for the second factor as ever, for a mailbox replaces none (T1). What organisations ask of
 * passwords holds here, too.
 *
 * @throws {ProblemError} `dead-link`; `invalid-request` at /newPassword, which spends nothing; `conflict` when the
 *   password was changed meanwhile.
 */
export async function resetPassword(
  ctx: Context,
  { token, newPassword }: { token: string; newPassword: string },
): Promise<void> {
  const now = ctx.now();
  const id = await findLink(ctx.db, { token, purpose: "new-password", now });
  const accountId = id === undefined ? undefined : await findReset(ctx.db, { id, now });
  if (id === undefined || accountId === undefined) throw new ProblemError("dead-link");
  ctx.notes.targets = [accountTarget(accountId)];
  const stored = await findPassword(ctx.db, accountId);
  const rules = await rulesOf(ctx, accountId);
  const place = { pointer: "/newPassword", rules: characterRulesOf(rules) };
  const passwordHash = await choosePassword(ctx, newPassword, stored, place);
  await requireUnused(ctx, { accountId, stored, rules, newPassword });
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    if (!(await spendReset(tx, { id, now: ctx.now() }))) throw new ProblemError("dead-link");
    await endResets(tx, accountId);
    await replace(tx, ctx, { accountId, stored, rules, passwordHash });
    const ending = { accountId, reason: "password-changed" as const, now: ctx.now() };
    const endedSessions = await endSessions(tx, ending);
    await tell(tx, ctx, accountId, { kind: "password-reset", values: {}, lines: ["what"] });
    await record(tx, ctx, {
      action: "account.password-reset",
      targets: [accountTarget(accountId)],
      change: { after: { endedSessions } },
    });
  });
}

type Known = { accountId: string; stored: StoredPassword; rules: StrictestRules };

/** Where reuse is ruled out, the password of now is one that was used. */
async function requireUnused(
  ctx: Context,
  { accountId, stored, rules, newPassword }: Known & { newPassword: string },
): Promise<void> {
  const days = rules.reuseDays?.value;
  if (days === undefined) return;
  const { passwordHash } = stored;
  const isCurrent =
    passwordHash !== null && (await orBusy(ctx.passwords.verify(passwordHash, newPassword)));
  if (isCurrent || (await wasUsedWithin(ctx, { accountId, days }, newPassword)))
    throw invalidField("/newPassword", { code: "password-used-before", params: { days } });
}

async function replace(
  tx: Tx,
  ctx: Context,
  { accountId, stored, rules, passwordHash }: Known & { passwordHash: string },
): Promise<void> {
  const at = await replacePassword(tx, { accountId, from: stored, passwordHash, now: ctx.now() });
  if (at === null)
    throw new ProblemError("conflict", { detail: { code: "password-changed-meanwhile" } });
  if (rules.reuseDays !== null && stored.passwordHash !== null)
    await retirePassword(tx, {
      accountId,
      passwordHash: stored.passwordHash,
      usedSince: stored.changedAt ?? at,
      replacedAt: at,
    });
}
