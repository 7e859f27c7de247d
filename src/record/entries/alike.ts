import { parseAddress } from "../../platform/client-address/parse-address.ts";
import { classOf, type Entry } from "./entry.ts";
import { asListedText, asUuid, uuidsIn } from "./storable.ts";
import type { EntryClass } from "../../contract/record/entry-class.ts";

/** What entries that are counted together have in common: a row of entry_tally without its hour and its counts. */
export type Alike = {
  action: string;
  outcome: Entry["outcome"];
  class: EntryClass;
  actorKind: string;
  actorId: string | null;
  credentialId: string | null;
  /** Canonical; null where there was none that could be read. */
  address: string | null;
  appId: string | null;
  /** The app and the apps among the targets, in order: in whose logs it stands. */
  apps: readonly string[];
  /** Refused with "no such thing". */
  isGuess: boolean;
  /** Accounts and apps in whose logs it stands, in order. */
  subjects: readonly string[];
};

export function alikeOf(entry: Entry): Alike {
  const { actor } = entry;
  return {
    action: asListedText(entry.action),
    outcome: entry.outcome,
    class: classOf(entry),
    actorKind: actor.kind,
    actorId: asUuid(actor.accountId),
    credentialId: actor.credentialId === null ? null : asListedText(actor.credentialId),
    address: entry.address === null ? null : parseAddress(entry.address),
    appId: asUuid(entry.appId),
    apps: appsOf(entry).toSorted(),
    isGuess: entry.reason === "not-found",
    subjects: subjectsOf(entry).toSorted(),
  };
}

/** Apps that an entry is about: its own and those among its targets. */
export function appsOf(entry: Pick<Entry, "appId" | "targets">): string[] {
  const targets = entry.targets ?? [];
  return [
    ...new Set(
      uuidsIn([entry.appId, ...targets.map(({ type, id }) => (type === "app" ? id : null))]),
    ),
  ];
}

/** Accounts that did it or were touched by it. */
export function accountsOf({
  actor,
  targets = [],
}: Pick<Entry, "targets"> & { actor: Pick<Entry["actor"], "accountId"> }): string[] {
  return [...new Set(uuidsIn([actor.accountId, ...targets.map(({ accountId }) => accountId)]))];
}

/** In whose logs an entry stands. */
export const subjectsOf = (entry: Entry): string[] => [
  ...new Set([...accountsOf(entry), ...appsOf(entry)]),
];
