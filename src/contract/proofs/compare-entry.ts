import type { LogEntry } from "../record/entries.ts";
import { partKinds } from "./commitment.ts";
import type { ProvenEntry } from "./verify-entry.ts";

/** What an entry says, by the part in which it stands (docs/record.md). */
export type EntryField =
  | "id"
  | "time"
  | "class"
  | "what"
  | "app"
  | "request"
  | "who"
  | "from"
  | "targets"
  | "change";

export type Comparison = {
  /** What is told otherwise than it was signed. */
  differs: EntryField[];
  /** What is told, and stands in a part that the proof does not open: the reader may not see all of that part. */
  uncovered: EntryField[];
};

type Core = {
  action?: unknown;
  outcome?: unknown;
  reason?: unknown;
  app?: unknown;
  request?: unknown;
  count?: unknown;
  reported?: unknown;
  reportedAt?: unknown;
};
type Actor = { kind?: unknown; account?: unknown; credential?: unknown };
type Target = { type?: unknown; id?: unknown; account?: unknown };
type Context = { address?: unknown; userAgent?: unknown };

/**
 * Holds what somebody was told of an entry against what a proof showed of it: a proof of one entry under the words
 * of another proves nothing. Names of people and apps are not in the log, and not compared.
 *
 * @param entryId the one that the proof is of
 */
export function compareEntry(
  told: LogEntry,
  entryId: string,
  { head, parts }: Pick<ProvenEntry, "head" | "parts">,
): Comparison {
  const found: Comparison = { differs: [], uncovered: [] };
  const check = (field: EntryField, isSame: boolean) => {
    if (!isSame) found.differs.push(field);
  };
  check("id", told.id === entryId);
  check("time", Date.parse(told.at) === Date.parse(head.at));
  check("class", told.class === head.class);
  const of = (kind: number) =>
    parts.filter((part) => part.kind === kind).map(({ text }) => read(text));

  const [core] = of(partKinds.c) as Core[];
  if (core === undefined) found.uncovered.push("what");
  else compareCore(check, told, core);

  const [actor] = of(partKinds.a) as Actor[];
  if (actor !== undefined) check("who", isSameActor(told, actor));
  else if (told.actor.kind !== "erased") found.uncovered.push("who");

  const [context] = of(partKinds.x) as Context[];
  if (context !== undefined) check("from", isSameContext(told, context));
  else if (told.address !== null || (told.userAgent ?? "") !== "") found.uncovered.push("from");

  check("targets", areSameTargets(told, of(partKinds.t) as Target[]));

  const [change] = of(partKinds.d);
  if (change !== undefined) check("change", isSameValue(told.change, change));
  else if (told.change !== undefined) found.uncovered.push("change");
  return found;
}

function compareCore(
  check: (field: EntryField, isSame: boolean) => void,
  told: LogEntry,
  core: Core,
): void {
  check(
    "what",
    told.action === core.action &&
      told.outcome === core.outcome &&
      told.reason === core.reason &&
      told.count === core.count &&
      told.reportedAction === core.reported &&
      told.reportedAt === core.reportedAt,
  );
  check("app", (told.app?.id ?? undefined) === core.app);
  check("request", told.requestId === core.request);
}

const isSameActor = ({ actor, credential }: LogEntry, signed: Actor): boolean =>
  actor.kind === signed.kind &&
  actor.accountId === signed.account &&
  (credential?.id ?? null) === signed.credential;

const isSameContext = ({ address, userAgent }: LogEntry, signed: Context): boolean =>
  address === (signed.address ?? null) && (userAgent ?? "") === (signed.userAgent ?? "");

const areSameTargets = ({ targets }: LogEntry, signed: readonly Target[]): boolean =>
  targets.length === signed.length &&
  targets.every(({ type, id, accountId }, index) => {
    const target = signed[index];
    return type === target?.type && id === target.id && accountId === target.account;
  });

/** JSON values, whatever the order of their members. */
function isSameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [mine, its] = [one, other].map((value) =>
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as [[string, unknown][], [string, unknown][]];
  return (
    mine.length === its.length &&
    mine.every(
      ([key, value]) => Object.hasOwn(other, key) && isSameValue(value, (other as never)[key]),
    )
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
