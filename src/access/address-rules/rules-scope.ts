import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import type { EntryTarget } from "../../record/entries/entry.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { findKey } from "../api-keys/api-key-queries.ts";
import { changeKeyOf, readKey, targetOfKey } from "../api-keys/on-key.ts";
import {
  changeServiceAccountOf,
  readServiceAccount,
  targetOf,
} from "../service-accounts/on-service-account.ts";
import {
  findServiceAccount,
  type ServiceAccountRow,
} from "../service-accounts/service-account-queries.ts";
import { requirePermission, type AppAccess } from "../sharing/app-access.ts";
import { changeApp } from "../sharing/change-app.ts";
import type { RulesOwner } from "./rule-queries.ts";
import type { Phrase } from "../../platform/mail/compose-mail.ts";

/** Where rules hang: the app, and below it the service account and the key, as far down as the level goes. */
export type RulesScope = {
  owner: RulesOwner;
  app: { id: string; organisationId: string; name: string };
  account: Pick<ServiceAccountRow, "id" | "role"> | null;
  keyId: string | null;
  /** As the command line says it. */
  description: string;
  /** As a mail says it. */
  phrase: Phrase;
  targets: EntryTarget[];
};

const permission: OwnPermission = "app:addresses";

/** @throws {ProblemError} `not-found`, `forbidden`. */
export async function readScope(ctx: Context, owner: RulesOwner): Promise<RulesScope> {
  const { level, ownerId } = owner;
  if (level === "app")
    return appScope(owner, await requirePermission(ctx.db, ctx, ownerId, permission));
  if (level === "service-account")
    return accountScope(
      owner,
      await readServiceAccount(ctx, { serviceAccountId: ownerId, permission }),
    );
  return keyScope(owner, await readKey(ctx, { keyId: ownerId, permission }));
}

/** A change of rules; what counts is read under the locks. @throws {ProblemError} `not-found`, `forbidden`, `conflict`. */
export async function changeScope<T>(
  ctx: Context,
  owner: RulesOwner,
  work: (tx: Tx, scope: RulesScope) => Promise<T>,
): Promise<T> {
  const { level, ownerId } = owner;
  if (level === "app")
    return await changeApp(ctx, { appId: ownerId, permission }, (tx, access) =>
      work(tx, appScope(owner, access)),
    );
  if (level === "service-account")
    return await changeServiceAccountOf(
      ctx,
      { serviceAccountId: ownerId, permission },
      (tx, found) => work(tx, accountScope(owner, found)),
    );
  return await changeKeyOf(ctx, { keyId: ownerId, permission }, (tx, found) =>
    work(tx, keyScope(owner, found)),
  );
}

/** For the system, which needs nobody's leave; undefined when there is no such owner any more. */
export async function findScope(
  db: Db,
  owner: RulesOwner,
  now: Date,
): Promise<RulesScope | undefined> {
  const { level, ownerId } = owner;
  if (level === "app") {
    const app = await findApp(db, ownerId);
    return app && appScope(owner, { app });
  }
  if (level === "service-account") {
    const found = await findAccount(db, ownerId, now);
    return found && accountScope(owner, found);
  }
  const key = await findKey(db, ownerId);
  const found = key && (await findAccount(db, key.accountId, now));
  return found && keyScope(owner, { ...found, key });
}

async function findAccount(db: Db, id: string, now: Date) {
  const account = await findServiceAccount(db, { id, now });
  const app = account && (await findApp(db, account.appId));
  return app && { account, access: { app } };
}

async function findApp(db: Db, id: string) {
  const row = await db
    .selectFrom("app")
    .select(["id", "name", "organisation_id"])
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, organisationId: row.organisation_id };
}

type Access = { app: Pick<AppAccess["app"], "id" | "name" | "organisationId"> };

function appScope(owner: RulesOwner, { app }: Access): RulesScope {
  const description = `the app ${app.name}`;
  return {
    owner,
    app,
    account: null,
    keyId: null,
    description,
    phrase: { say: "scopeApp", with: { app: app.name } },
    targets: [{ type: "app", id: app.id }],
  };
}

function accountScope(
  owner: RulesOwner,
  { account, access }: { account: ServiceAccountRow; access: Access },
): RulesScope {
  return {
    ...appScope(owner, access),
    account,
    description: `the service account "${account.name}" of the app ${access.app.name}`,
    phrase: { say: "scopeAccount", with: { account: account.name, app: access.app.name } },
    targets: [targetOf(account)],
  };
}

function keyScope(
  owner: RulesOwner,
  found: {
    key: { id: string; name: string; accountId: string };
    account: ServiceAccountRow;
    access: Access;
  },
): RulesScope {
  const { key, account, access } = found;
  return {
    ...accountScope(owner, found),
    keyId: key.id,
    description: `the key "${key.name}" (${key.id}) of the service account "${account.name}" of the app ${access.app.name}`,
    phrase: {
      say: "scopeKey",
      with: { key: key.name, keyId: key.id, account: account.name, app: access.app.name },
    },
    targets: [targetOfKey(key)],
  };
}
