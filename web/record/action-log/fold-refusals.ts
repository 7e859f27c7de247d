import type { LogEntry } from "./log-api.ts";

/** Refusals further apart than this are told one by one, ms: whoever comes back after lunch tries anew. */
const NEAR_MS = 15 * 60_000;
/** So many alike are worth one row; two are two rows. */
const WORTH_FOLDING = 3;

/** The same refusal again and again, newest first. */
export type Run = {
  kind: "run";
  entries: readonly [LogEntry, ...LogEntry[]];
  /** Of refusals: an entry may stand for several. */
  count: number;
  /** False: what is not loaded yet may belong to it. */
  isWhole: boolean;
};
export type Line = { kind: "one"; entry: LogEntry } | Run;

type Options = {
  /** There are older entries than these. */
  hasOlder: boolean;
  /** Under which day an entry is shown: no run goes beyond it. */
  dayOf: (entry: LogEntry) => string;
};

/**
 * Folds the same refusal of the same key, session or stranger, near in time, into one line, which stands where
 * the newest of them stood. What lies between stays in its order.
 *
 * @param entries newest first.
 */
export function foldRefusals(entries: readonly LogEntry[], { hasOlder, dayOf }: Options): Line[] {
  const runs = runsIn(entries, dayOf);
  const oldestMs = Date.parse(entries.at(-1)?.at ?? "");
  return entries.flatMap((entry): Line[] => {
    const run = runs.get(entry);
    if (run === undefined || run.length < WORTH_FOLDING) return [{ kind: "one", entry }];
    const [newest, ...others] = run;
    if (newest !== entry) return [];
    const lastMs = Date.parse(run.at(-1)?.at ?? newest.at);
    return [
      {
        kind: "run",
        entries: [newest, ...others],
        count: run.reduce((sum, { count }) => sum + (count ?? 1), 0),
        isWhole: !hasOlder || lastMs - oldestMs > NEAR_MS,
      },
    ];
  });
}

type Entries = [LogEntry, ...LogEntry[]];

/** Each refusal with those that are alike and near. */
function runsIn(entries: readonly LogEntry[], dayOf: Options["dayOf"]): Map<LogEntry, Entries> {
  const latest = new Map<string, Entries>();
  const runs = new Map<LogEntry, Entries>();
  for (const entry of entries) {
    if (entry.outcome !== "refused") continue;
    const likeness = JSON.stringify([dayOf(entry), likenessOf(entry)]);
    const known = latest.get(likeness);
    const isOne = known !== undefined && isNear(known, entry);
    const run: Entries = isOne ? known : [entry];
    if (isOne) run.push(entry);
    else latest.set(likeness, run);
    runs.set(entry, run);
  }
  return runs;
}

const isNear = (run: Entries, { at }: LogEntry): boolean =>
  Date.parse(run.at(-1)?.at ?? at) - Date.parse(at) <= NEAR_MS;

/** Who, what, where and why. Strangers have no credential: theirs are alike from one address, about the same. */
function likenessOf({ action, reason, actor, credential, app, address, targets }: LogEntry) {
  const stranger = credential === null ? [address, ...targets.map(({ id }) => id)] : [];
  return [action, reason, actor, credential?.id, app?.id, stranger];
}
