import { tellOwners } from "../../access/service-accounts/tell-owners.ts";
import type { Context } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { endSessions } from "../../identity/sessions/session-queries.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import {
  findAccount,
  findServiceHome,
  markDisabled,
  markEnabled,
  type AccountRow,
} from "./account-queries.ts";

/**
 * Disables an account: its sessions end, nobody signs in to it, its keys are refused, all at once. Since
 * no operator disables themselves, and whoever acts must be enabled, one operator always stays.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `forbidden` for one's own; `conflict` when it
 *   is disabled already.
 */
export async function disableAccount(
  ctx: Context,
  { accountId, reason: given }: { accountId: string; reason: string },
): Promise<void> {
  const own = requireOperator(ctx);
  requireStepUp(ctx);
  if (own.accountId === accountId) {
    ctx.notes.targets = [accountTarget(accountId)];
    throw new ProblemError("forbidden", { detail: { code: "own-account" } });
  }
  const reason = given.trim();
  await changeAccount(ctx, accountId, async (tx, account) => {
    const now = ctx.now();
    if (!(await markDisabled(tx, { accountId, reason, now })))
      throw new ProblemError("conflict", { detail: { code: "account-disabled-already" } });
    const ended = await endSessions(tx, { accountId, reason: "account-disabled", now });
    await tellOfDisabling(tx, ctx, account, reason);
    return { action: "account.disabled", reason, after: { disabled: true, endedSessions: ended } };
  });
}

/** Enables it again; sessions that ended stay ended. @throws {ProblemError} `not-found`, `step-up-required`, `conflict` */
export async function enableAccount(ctx: Context, accountId: string): Promise<void> {
  requireOperator(ctx);
  requireStepUp(ctx);
  await changeAccount(ctx, accountId, async (tx, account) => {
    if (!(await markEnabled(tx, accountId)))
      throw new ProblemError("conflict", { detail: { code: "account-enabled-already" } });
    await tellOfEnabling(tx, ctx, account);
    return { action: "account.enabled", after: { disabled: false } };
  });
}

type Home = Awaited<ReturnType<typeof findServiceHome>>;
type Change = {
  action: "account.disabled" | "account.enabled";
  reason?: string;
  after: object;
};

/** What a decision knows of a service account hangs on its app's organisation too. */
async function changeAccount(
  ctx: Context,
  accountId: string,
  work: (tx: Tx, account: AccountRow & { home: Home }) => Promise<Change>,
): Promise<void> {
  const before = await read(ctx.db, accountId);
  ctx.notes = notesOf(before);
  const { home } = before;
  const touches = [
    accountSlot(accountId),
    ...(home === undefined ? [] : [organisationSlot(home.organisationId)]),
  ];
  await changeAsOperator(ctx, { touches }, async (tx) => {
    const account = await read(tx, accountId);
    if (account.home?.organisationId !== home?.organisationId) throw new ProblemError("conflict");
    const { action, reason, after } = await work(tx, account);
    await record(tx, ctx, { ...notesOf(account), action, reason, change: { after } });
  });
}

async function read(db: Context["db"], accountId: string): Promise<AccountRow & { home: Home }> {
  const account = await findAccount(db, accountId);
  if (account === undefined) throw new ProblemError("not-found");
  const home = account.kind === "service" ? await findServiceHome(db, accountId) : undefined;
  return { ...account, home };
}

const notesOf = ({ id, home }: { id: string; home: Home }) => ({
  targets: [accountTarget(id)],
  appId: home?.appId,
  organisationId: home?.organisationId,
});

type Told = AccountRow & { home: Home };

/** A service account has no mailbox: its app's owners hear of it. */
async function tellOfDisabling(
  tx: Tx,
  ctx: Context,
  { id, display_name: account, home }: Told,
  reason: string,
): Promise<void> {
  if (home === undefined)
    return await tell(tx, ctx, id, {
      kind: "account-disabled",
      values: { reason },
      lines: ["what", "reason"],
    });
  await tellOwners(tx, ctx, home.organisationId, {
    kind: "service-account-stopped",
    values: { app: home.appName, account, reason },
    lines: ["what", "reason"],
  });
}

async function tellOfEnabling(
  tx: Tx,
  ctx: Context,
  { id, display_name: account, home }: Told,
): Promise<void> {
  if (home === undefined)
    return await tell(tx, ctx, id, { kind: "account-enabled", values: {}, lines: ["what"] });
  await tellOwners(tx, ctx, home.organisationId, {
    kind: "service-account-resumed",
    values: { app: home.appName, account },
    lines: ["what"],
  });
}
