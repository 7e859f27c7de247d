import {
  ACCOUNTS_PER_PAGE,
  type AccountDetails,
  type AccountPage,
  type AccountsQuery,
  type AccountSummary,
} from "../../contract/operator/accounts.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { openResetOf } from "../../identity/recovery/stop-recovery.ts";
import { ProblemError } from "../../problem-error.ts";
import { requireOperator } from "../require-operator.ts";
import {
  findAccount,
  findServiceHome,
  listAccounts,
  readSessions,
  type AccountRow,
} from "./account-queries.ts";
import { emailHint } from "./email-hint.ts";

/**
 * A page of accounts, newest first: names and how accounts stand, no address in full and nothing that
 * they did. What was searched for is on record.
 *
 * @throws {ProblemError} `not-found`
 */
export async function readAccounts(
  ctx: Context,
  { query, cursor }: AccountsQuery,
): Promise<AccountPage> {
  requireOperator(ctx);
  const wanted = query?.trim() ?? "";
  if (wanted !== "") ctx.notes.change = { after: { query: wanted } };
  const rows = await listAccounts(ctx.db, {
    query: wanted === "" ? null : wanted,
    after: cursor ?? null,
    limit: ACCOUNTS_PER_PAGE + 1,
  });
  const page = rows.slice(0, ACCOUNTS_PER_PAGE);
  return {
    accounts: page.map((row) => ({
      ...toCommon(row),
      emailHint: emailHint(row.email),
      app:
        row.app_id === null || row.app_name === null
          ? null
          : { id: row.app_id, name: row.app_name },
    })),
    nextCursor: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}

/**
 * One account, named: that it was looked at, and why, is an entry that the account sees.
 *
 * @throws {ProblemError} `not-found`, `reason-required`
 */
export async function readAccount(
  ctx: Context,
  { accountId, reason }: { accountId: string; reason: string | undefined },
): Promise<AccountDetails> {
  requireOperator(ctx);
  const { row, home } = await lookUp(ctx, accountId);
  const given = reason?.trim() ?? "";
  if (given === "") throw new ProblemError("reason-required");
  ctx.notes.reason = given;
  const { live, lastSeenAt } = await readSessions(ctx.db, { accountId, now: ctx.now() });
  return {
    ...toCommon(row),
    email: row.email,
    disabledReason: row.disabled_reason,
    liveSessions: live,
    factorReset: (await openResetOf(ctx, accountId)).waiting,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    organisations: await organisationsOf(ctx, row),
    appId: home?.appId ?? null,
  };
}

/** Names the account in the request's entry, also when no reason is given. */
async function lookUp(ctx: Context, accountId: string) {
  const row = await findAccount(ctx.db, accountId);
  if (row === undefined) throw new ProblemError("not-found");
  const home = row.kind === "service" ? await findServiceHome(ctx.db, accountId) : undefined;
  ctx.notes = {
    targets: [accountTarget(row.id)],
    appId: home?.appId,
    organisationId: home?.organisationId,
  };
  return { row, home };
}

async function organisationsOf(ctx: Context, { id }: AccountRow) {
  const rows = await ctx.db
    .selectFrom("organisation_member as member")
    .innerJoin("organisation", "organisation.id", "member.organisation_id")
    .select(["organisation.id", "organisation.name", "member.role"])
    .where("member.account_id", "=", id)
    .orderBy("organisation.id")
    .limit(1_000)
    .execute();
  return rows.map((row) => ({ ...row, role: row.role === "owner" ? "owner" : "officer" }) as const);
}

function toCommon(row: AccountRow): Omit<AccountSummary, "emailHint" | "app"> {
  return {
    id: row.id,
    kind: row.kind,
    displayName: row.display_name,
    externalId: row.external_id,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
    isOperator: row.is_operator,
    isProven: row.is_proven,
    hasSecondFactor: row.has_second_factor,
  };
}
