import type { LogSummary, RoutineFold } from "../../contract/record/summary.ts";
import type { Db } from "../../platform/db/db.ts";
import type { EntryOutcome } from "../entries/entry.ts";
import { readNames, type Names } from "./present-entries.ts";
import { asUuid } from "../entries/storable.ts";
import { dayTeller, daysOf, type SummarySpan } from "./summary-span.ts";
import type { FoldCount, Tallied } from "./tally-queries.ts";

const MAX_ADDRESSES = 20;
const MAX_FOLDS = 100;

type Outcomes = Record<EntryOutcome, number>;

const nothing = (): Outcomes => ({ done: 0, refused: 0, failed: 0 });

/** Counts as they are answered, with the names of accounts and apps as they are now. */
export async function presentSummary(
  db: Db,
  { span, counts, isComplete }: { span: SummarySpan; counts: Tallied; isComplete: boolean },
): Promise<LogSummary> {
  const folds = foldsOf(counts);
  const names = await readNames(db, {
    accountIds: folds.map(({ actorId }) => actorId),
    appIds: folds.map(({ appId, mayNameApp }) => (mayNameApp ? appId : null)),
  });
  const totals = nothing();
  for (const { outcome, count } of counts.hours) totals[outcome] += count;
  return {
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
    timeZone: span.timeZone,
    isComplete,
    totals,
    days: daysIn(span, counts),
    addresses: addressesOf(counts),
    routine: folds.map((fold) => presentFold(fold, names)),
  };
}

function daysIn(span: SummarySpan, { hours }: Tallied): LogSummary["days"] {
  const dayOf = dayTeller(span.timeZone);
  const days = new Map(
    daysOf(span).map((day) => [day, { day, ...nothing(), signIns: 0, refusedSignIns: 0 }]),
  );
  for (const { hour, outcome, signIn, count } of hours) {
    const day = days.get(dayOf(hour.getTime()));
    if (day === undefined) continue;
    day[outcome] += count;
    if (signIn === "in") day.signIns += count;
    if (signIn === "refused") day.refusedSignIns += count;
  }
  return [...days.values()];
}

const sumOf = ({ done, refused, failed }: Outcomes): number => done + refused + failed;

function addressesOf({ addresses }: Tallied): LogSummary["addresses"] {
  const found = new Map<string, Outcomes & { address: string }>();
  for (const { address, outcome, count } of addresses) {
    const row = found.get(address) ?? { address, ...nothing() };
    row[outcome] += count;
    found.set(address, row);
  }
  return [...found.values()]
    .toSorted((one, other) => sumOf(other) - sumOf(one) || one.address.localeCompare(other.address))
    .slice(0, MAX_ADDRESSES);
}

type Fold = Omit<FoldCount, "outcome" | "count"> & Outcomes;

function foldsOf({ folds }: Tallied): Fold[] {
  const found = new Map<string, Fold>();
  for (const { outcome, count, ...fold } of folds) {
    const { actorKind, actorId, credentialId, appId, action } = fold;
    const key = JSON.stringify([actorKind, actorId, credentialId, appId, action]);
    const known = found.get(key) ?? { ...fold, ...nothing() };
    known[outcome] += count;
    known.mayNameApp ||= fold.mayNameApp;
    if (fold.lastAt > known.lastAt) known.lastAt = fold.lastAt;
    found.set(key, known);
  }
  return [...found.values()]
    .toSorted((one, other) => other.lastAt.getTime() - one.lastAt.getTime())
    .slice(0, MAX_FOLDS);
}

function presentFold(fold: Fold, names: Names): RoutineFold {
  const { actorKind: kind, actorId, credentialId, appId, action, done, refused, failed } = fold;
  const displayName = names.accounts.get(asUuid(actorId) ?? "");
  const name = fold.mayNameApp ? names.apps.get(asUuid(appId) ?? "") : undefined;
  return {
    actor: { kind, accountId: actorId, ...(displayName !== undefined && { displayName }) },
    credential: credentialId === null ? null : { kind, id: credentialId },
    app: appId === null ? null : { id: appId, ...(name !== undefined && { name }) },
    action,
    done,
    refused,
    failed,
    lastAt: fold.lastAt.toISOString(),
  };
}
