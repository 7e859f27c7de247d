import {
  GRANT_WARNING_DAYS,
  HOME_LIMIT,
  KEY_WARNING_DAYS,
  type Home,
} from "../../contract/access/home.ts";
import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import { findOpenReset } from "../../identity/recovery/reset-queries.ts";
import { countRecoveryCodes, hasFactor } from "../../identity/second-factors/factor-queries.ts";
import { queueState } from "../../platform/jobs/queue-state.ts";
import { callerOf, listAccess } from "../sharing/app-access.ts";
import {
  hasCompany,
  listEndingGrants,
  listEndingKeys,
  listExpiredInvitations,
  listUnconfirmedRules,
  listUnusedKeys,
  type GrantRow,
} from "./home-queries.ts";

const DAY_MS = 86_400_000;
/** A key is called unused once it had a week to be put in its place. */
const UNUSED_AFTER_MS = 7 * DAY_MS;
/** An invitation that ran out is spoken of for two weeks. */
const EXPIRED_SHOWN_MS = 14 * DAY_MS;

/** What Home is made of: all in one request, each list bounded, and nothing that the caller may not see. */
export async function readHome(ctx: Context): Promise<Home> {
  const { db } = ctx;
  const accountId = callerOf(ctx);
  const now = ctx.now();
  const limit = HOME_LIMIT;
  const after = (ms: number) => new Date(now.getTime() + ms);
  const reached = await listAccess(db, { accountId, now }, "app:read");
  const live = reached.filter(({ row }) => row.deleted_at === null);
  const appsWith = (permission: OwnPermission) =>
    live.filter(({ permissions }) => permissions.has(permission)).map(({ app }) => app.id);
  const withKeys = { appIds: appsWith("app:keys"), now, limit };
  const [
    hasAuthenticator,
    recoveryCodesLeft,
    hasInvited,
    ending,
    unused,
    expired,
    rules,
    grants,
    failedJobs,
    reset,
  ] = await Promise.all([
    hasFactor(db, accountId),
    countRecoveryCodes(db, accountId),
    hasCompany(db, accountId),
    listEndingKeys(db, { ...withKeys, until: after(KEY_WARNING_DAYS * DAY_MS) }),
    listUnusedKeys(db, { ...withKeys, madeBefore: after(-UNUSED_AFTER_MS) }),
    listExpiredInvitations(db, { accountId, now, since: after(-EXPIRED_SHOWN_MS), limit }),
    listUnconfirmedRules(db, { appIds: appsWith("app:addresses"), now, limit }),
    listEndingGrants(db, {
      accountId,
      appIds: appsWith("app:share"),
      now,
      until: after(GRANT_WARNING_DAYS * DAY_MS),
      limit,
    }),
    countFailedJobs(ctx),
    findOpenReset(db, { accountId, now }),
  ]);
  return {
    steps: {
      hasAuthenticator,
      recoveryCodesLeft,
      hasApp: live.length > 0,
      hasInvited,
    },
    factorReset: reset === undefined ? null : { readyAt: reset.readyAt.toISOString() },
    endingKeys: ending.map(({ at, ...key }) => ({ ...toKey(key), expiresAt: at.toISOString() })),
    unusedKeys: unused.map(({ at, ...key }) => ({ ...toKey(key), createdAt: at.toISOString() })),
    expiredInvitations: expired.map((row) => ({ ...row, endsAt: row.endsAt.toISOString() })),
    unconfirmedRules: rules.map(({ appId, appName, revertsAt }) => ({
      app: { id: appId, name: appName },
      revertsAt: revertsAt.toISOString(),
    })),
    endingGrants: grants.map((row) => toGrant(row, accountId)),
    failedJobs,
  };
}

type KeyFacts = {
  id: string;
  name: string;
  serviceAccount: string;
  appId: string;
  appName: string;
};

const toKey = ({ appId, appName, ...key }: KeyFacts) => ({
  ...key,
  app: { id: appId, name: appName },
});

const toGrant = (row: GrantRow, accountId: string) => ({
  id: row.id,
  app: { id: row.appId, name: row.appName },
  holder: { id: row.holderId, displayName: row.holderName },
  organisationId: row.organisationId,
  isOwn: row.holderId === accountId,
  endsAt: row.endsAt.toISOString(),
});

async function countFailedJobs({ db, principal }: Context): Promise<number> {
  if (principal.kind !== "session" || !principal.isOperator) return 0;
  return (await queueState(db)).failed;
}
