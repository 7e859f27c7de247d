import { sql } from "kysely";
import { NOTICE_DAYS } from "../../contract/identity/password-rules.ts";
import {
  strictestRules,
  type RuleSource,
  type StrictestRules,
} from "../../contract/identity/strictest-rules.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { forgetRetired } from "../../identity/passwords/retired-passwords.ts";
import type { Db } from "../../platform/db/db.ts";
import { defineJob } from "../../platform/jobs/define-job.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { takeNotice, type Notice } from "./notice-queries.ts";
import { listTies } from "./tie-queries.ts";

const DAY_MS = 86_400_000;
/** Accounts looked at in one query. */
const PAGE = 500;

type Holder = { id: string; changedAt: Date; hasRetired: boolean };

/**
 * Tells people 14, 7, 3 and 1 days before their password ends, once each, and forgets replaced passwords that
 * may be taken again. Nothing is decided here: when a password ends is asked at each request.
 */
export const tendPasswords = defineJob({
  name: "tend-passwords",
  timeoutMs: 10 * 60_000,
  async run({ ctx, signal }) {
    let after = "00000000-0000-0000-0000-000000000000";
    for (;;) {
      signal.throwIfAborted();
      const holders = await listHolders(ctx.db, after);
      await tendPage(ctx, holders);
      const last = holders.at(-1);
      if (last === undefined || holders.length < PAGE) return;
      after = last.id;
    }
  },
});

async function listHolders(db: Db, after: string): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select id, password_changed_at as "changedAt",
      exists (select from retired_password where account_id = account.id) as "hasRetired"
    from account
    where id > ${after}::uuid and kind = 'person' and disabled_at is null
      and password_hash is not null and password_changed_at is not null
      and (exists (select from password_policy where cardinality(age_days) > 0)
        or exists (select from retired_password where account_id = account.id))
    order by id limit ${PAGE}`.execute(db);
  return rows;
}

async function tendPage(ctx: Context, holders: readonly Holder[]): Promise<void> {
  const now = ctx.now();
  const ties = await listTies(ctx.db, { accountIds: holders.map(({ id }) => id), now });
  for (const { id, changedAt, hasRetired } of holders) {
    const rules = strictestRules(ties.get(id) ?? [], changedAt);
    if (hasRetired) await forgetOld(ctx, id, rules);
    const notice = noticeFor(rules.due, now);
    if (notice !== null) await sendNotice(ctx, { ...notice, accountId: id, changedAt });
  }
}

async function forgetOld(ctx: Context, accountId: string, rules: StrictestRules): Promise<void> {
  const days = rules.reuseDays?.value;
  const before = days === undefined ? null : new Date(ctx.now().getTime() - days * DAY_MS);
  await forgetRetired(ctx.db, { accountId, before });
}

/**
 * Which notice is due now: of those whose time has come the last, so that who was asleep, or tied to a stricter
 * organisation yesterday, gets one mail and not four. None of a password that was asked for at once: that was
 * told when it was.
 */
export function noticeFor(
  due: StrictestRules["due"],
  now: Date,
): { dueAt: Date; days: number; source: RuleSource } | null {
  if (due === null || due.isDemanded || due.source === null) return null;
  const leftMs = due.at.getTime() - now.getTime();
  if (leftMs <= 0) return null;
  const days = NOTICE_DAYS.filter((ahead) => leftMs <= ahead * DAY_MS).at(-1);
  return days === undefined ? null : { dueAt: due.at, days, source: due.source };
}

/** Mails a notice, unless another process, or an earlier run, did; or the password was changed meanwhile. */
async function sendNotice(ctx: Context, notice: Notice & { source: RuleSource }): Promise<void> {
  const { accountId, dueAt, source } = notice;
  await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    if (!(await takeNotice(tx, { ...notice, now: ctx.now() }))) throw new NothingToTell();
    await tell(tx, ctx, accountId, {
      kind: "password-ends",
      values: { endsAt: dueAt, organisation: source.organisation.name },
      lines: ["what", "how"],
    });
    await record(tx, ctx, {
      action: "account.password-notice-sent",
      organisationId: source.organisation.id,
      targets: [accountTarget(accountId)],
      change: { after: { days: notice.days, endsAt: dueAt.toISOString() } },
    });
  }).catch((error: unknown) => {
    if (!(error instanceof NothingToTell)) throw error;
  });
}

/** Rolls the notice back: it is not this run's to send. */
class NothingToTell extends Error {}
