import type { LogEntry } from "../../contract/record/entries.ts";
import type { Db } from "../../platform/db/db.ts";
import { asUuid } from "../entries/storable.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** By id, as they are now. */
export type Names = { accounts: ReadonlyMap<string, string>; apps: ReadonlyMap<string, string> };

/** Entries as they are answered, with the names of actors and apps as they are now. */
export async function presentEntries(
  db: Db,
  entries: readonly VisibleEntry[],
): Promise<LogEntry[]> {
  const names = await readNames(db, {
    accountIds: entries.map(({ actor }) => actor.accountId),
    appIds: entries.map(({ appId, mayNameApp }) => (mayNameApp ? appId : null)),
  });
  return entries.map((entry) => present(entry, names));
}

/** One query for all of them. */
export async function readNames(
  db: Db,
  given: { accountIds: readonly (string | null)[]; appIds: readonly (string | null)[] },
): Promise<Names> {
  const accountIds = idsOf(given.accountIds);
  const appIds = idsOf(given.appIds);
  const names: { [kind: string]: Map<string, string> } = { account: new Map(), app: new Map() };
  if (accountIds.length + appIds.length === 0) return { accounts: new Map(), apps: new Map() };
  const rows = await db
    .selectFrom("account")
    .select(({ val }) => [val("account").as("kind"), "id", "display_name as name"])
    .where("id", "in", accountIds.length === 0 ? [NOBODY] : accountIds)
    .unionAll(
      db
        .selectFrom("app")
        .select(({ val }) => [val("app").as("kind"), "id", "name"])
        .where("id", "in", appIds.length === 0 ? [NOBODY] : appIds),
    )
    .execute();
  for (const { kind, id, name } of rows) names[kind]?.set(id, name);
  return { accounts: names["account"] ?? new Map(), apps: names["app"] ?? new Map() };
}

/** RFC 9562 §5.9: no account and no app has it. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

const idsOf = (ids: readonly (string | null)[]): string[] => [
  ...new Set(ids.map(asUuid).filter((id) => id !== null)),
];

function present(entry: VisibleEntry, names: Names): LogEntry {
  const { id, action, outcome, reason, credential, address, userAgent, requestId } = entry;
  return {
    id,
    at: new Date(entry.place.atMs).toISOString(),
    action,
    outcome,
    ...(reason !== undefined && { reason }),
    class: entry.class,
    actor: presentActor(entry, names),
    credential,
    address,
    userAgent,
    app: presentApp(entry, names),
    targets: entry.targets.map((target) => ({
      type: target.type,
      id: target.id,
      ...(target.accountId !== undefined && { accountId: target.accountId }),
    })),
    requestId,
    ...presentRest(entry),
  };
}

/** By the account's name now; a reported actor without an account by what the operator's product calls it. */
function presentActor({ actor }: VisibleEntry, { accounts }: Names): LogEntry["actor"] {
  const displayName = accounts.get(asUuid(actor.accountId) ?? "") ?? actor.name;
  return {
    kind: actor.kind,
    accountId: actor.accountId,
    ...(displayName !== undefined && { displayName }),
  };
}

function presentApp({ appId, mayNameApp }: VisibleEntry, { apps }: Names): LogEntry["app"] {
  if (appId === null) return null;
  const name = mayNameApp ? apps.get(asUuid(appId) ?? "") : undefined;
  return { id: appId, ...(name !== undefined && { name }) };
}

function presentRest({ change, reportedAction, reportedAt, count, erased }: VisibleEntry) {
  return {
    ...(change !== undefined && { change }),
    ...(reportedAction !== undefined && { reportedAction }),
    ...(reportedAt !== undefined && { reportedAt: reportedAt.toISOString() }),
    ...(count !== undefined && { count }),
    ...(erased !== undefined && { erased: [...erased] }),
  };
}
