import type { EntryClass } from "../../contract/record/entry-class.ts";
import type { EntryScope } from "../../ports.ts";
import { entryId, type BatchRow } from "../entries/batch.ts";
import type { Entry, EntryTarget } from "../entries/entry.ts";
import { asUuid } from "../entries/storable.ts";
import type { Position } from "./position.ts";
import { accountsOf, appsOf } from "../entries/alike.ts";

/** An entry as one reader may see it. */
export type VisibleEntry = Pick<
  Entry,
  | "action"
  | "outcome"
  | "reason"
  | "requestId"
  | "change"
  | "count"
  | "reportedAction"
  | "reportedAt"
  | "erased"
> & {
  id: string;
  place: Position;
  class: EntryClass;
  /** `name`: what the operator's product calls a reported actor without an account. */
  actor: Pick<Entry["actor"], "kind" | "accountId" | "name">;
  credential: { kind: Entry["actor"]["kind"]; id: string } | null;
  address: string | null;
  userAgent: string | null;
  appId: string | null;
  /** The app's name may be shown: the reader audits it, or did this there. */
  mayNameApp: boolean;
  targets: readonly EntryTarget[];
};

/** Whose log is read, made for asking. */
export type ReaderScope = { accountId: string | null; apps: ReadonlySet<string> };

export const readerScope = ({ accountId, appIds }: EntryScope): ReaderScope => ({
  accountId: asUuid(accountId),
  apps: new Set(appIds),
});

/**
 * What the reader may see of an entry, or null for nothing. They see:
 *
 * - what they did themselves, whole;
 * - what was done to an app that they audit, and by others while using it: with where it came from,
 *   without other apps among its targets;
 * - what somebody else did to their account: without where that person was and with what credential,
 *   and without others whom it touched too.
 */
export function visibleEntry(
  scope: ReaderScope,
  batch: Pick<BatchRow, "day" | "writer" | "number" | "at" | "class">,
  { position, entry }: { position: number; entry: Entry },
): VisibleEntry | null {
  const seen = asSeen(scope, entry);
  return seen === null ? null : shown(batch, { position, entry, seen });
}

/** The same without leaving anything out, but targets that `isShown` does not want. */
export function wholeEntry(
  batch: Parameters<typeof visibleEntry>[1],
  { position, entry }: { position: number; entry: Entry },
  isShown: (target: EntryTarget) => boolean = () => true,
): VisibleEntry {
  const seen: Seen = {
    ...whereabouts(entry),
    appId: entry.appId ?? null,
    mayNameApp: true,
    targets: (entry.targets ?? []).filter(isShown),
    change: entry.change,
  };
  return shown(batch, { position, entry, seen });
}

function shown(
  batch: Parameters<typeof visibleEntry>[1],
  { position, entry, seen }: { position: number; entry: Entry; seen: Seen },
): VisibleEntry {
  return {
    id: entryId(batch, position),
    place: { atMs: batch.at.getTime(), writer: batch.writer, number: batch.number, position },
    class: batch.class === "routine" ? "routine" : "important",
    action: entry.action,
    outcome: entry.outcome,
    reason: entry.reason,
    actor: entry.actor,
    requestId: entry.requestId,
    count: entry.count,
    reportedAction: entry.reportedAction,
    reportedAt: entry.reportedAt,
    erased: entry.erased,
    ...seen,
  };
}

type Seen = Pick<
  VisibleEntry,
  "credential" | "address" | "userAgent" | "appId" | "mayNameApp" | "targets" | "change"
>;

function asSeen(scope: ReaderScope, entry: Entry): Seen | null {
  const { accountId, apps } = scope;
  const audited = appsOf(entry).filter((appId) => apps.has(appId));
  if (accountId !== null && asUuid(entry.actor.accountId) === accountId)
    return asActor(entry, audited);
  if (audited.length > 0) return asAuditor(entry, { apps, audited });
  if (accountId !== null && accountsOf(entry).includes(accountId))
    return asTouched(entry, accountId);
  return null;
}

const whereabouts = ({ actor, address, userAgent }: Entry) => ({
  credential: actor.credentialId === null ? null : { kind: actor.kind, id: actor.credentialId },
  address,
  userAgent,
});

/** Somebody refused with "no such thing" must not learn here which of their guesses was one. */
function asActor(entry: Entry, audited: readonly string[]): Seen {
  const isGuess = entry.reason === "not-found" && audited.length === 0;
  const { targets = [], change } = entry;
  return {
    ...whereabouts(entry),
    appId: isGuess ? null : (entry.appId ?? null),
    mayNameApp: audited.includes(entry.appId ?? "") || entry.outcome === "done",
    targets: isGuess ? [] : targets,
    change: isGuess ? undefined : change,
  };
}

function asAuditor(
  entry: Entry,
  { apps, audited }: { apps: ReadonlySet<string>; audited: readonly string[] },
): Seen {
  const isAboutTheirs = audited.includes(entry.appId ?? "");
  return {
    ...whereabouts(entry),
    appId: isAboutTheirs ? (entry.appId ?? null) : (audited[0] ?? null),
    mayNameApp: true,
    targets: (entry.targets ?? []).filter(
      ({ type, id }) => type !== "app" || apps.has(asUuid(id) ?? ""),
    ),
    change: isAboutTheirs ? entry.change : undefined,
  };
}

function asTouched(entry: Entry, accountId: string): Seen {
  const { actor, targets = [] } = entry;
  const isOthers = (target: EntryTarget) =>
    target.accountId !== undefined && asUuid(target.accountId) !== accountId;
  // A stranger's try at their account concerns them more than the stranger; a colleague's address does not.
  const isSomebody = actor.accountId !== null || actor.kind === "operator-key";
  return {
    ...(isSomebody ? { credential: null, address: null, userAgent: null } : whereabouts(entry)),
    appId: entry.appId ?? null,
    mayNameApp: false,
    targets: targets.filter((target) => !isOthers(target) && target.type !== "app"),
    change: targets.some(isOthers) ? undefined : entry.change,
  };
}
