import { countSubjects } from "../../contract/proofs/count-map.ts";
import type { CompletenessProof } from "../../contract/record/counts.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { invalidQuery } from "../search/invalid-query.ts";
import { CountReader } from "./count-reader.ts";
import type { StoredMap } from "./count-queries.ts";
import {
  batchesBetween,
  firstMapAfter,
  lastMapBefore,
  lastMapWithin,
  type CountPlace,
} from "./map-queries.ts";

const SIZE = /^(?:0|[1-9]\d{0,14})$/;
const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Null for what is neither. */
export function parseCountPlace(text: string): CountPlace | null {
  if (SIZE.test(text)) return { size: Number(text) };
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : { at: new Date(ms) };
}

export type Counted = {
  organisationId: string;
  apps: readonly { id: string; name: string }[];
  from: CountPlace | null;
  to: CountPlace | null;
};

/**
 * How many entries of an organisation and each of its apps came into the log between two maps of it, with what
 * proves it. The maps are the nearest that hold all that was asked for: the last one before `from`, the
 * first one after `to`, or the newest.
 *
 * @throws {ProblemError} `not-proven-yet` before anything is counted; `invalid-request` for an end before its beginning.
 */
export async function readCompleteness(
  db: Db,
  { organisationId, apps, from, to }: Counted,
): Promise<CompletenessProof> {
  const reader = await CountReader.open(db, null);
  if (reader === null) throw new ProblemError("not-proven-yet", { retryAfterSeconds: 60 });
  const { log } = reader;
  const maps = await findMaps(db, log, { from, to });
  const { begin, end } = maps;
  const subjects = [await prove(reader, maps, { organisation: organisationId })];
  // One after the other: an organisation with many apps must not take all connections.
  for (const { id, name } of apps)
    subjects.push({ ...(await prove(reader, maps, { app: id })), name });
  return {
    format: "sallyport-completeness/v1",
    checkpoint: log.checkpoint,
    from: begin === null ? null : await reader.proveMap(begin),
    to: await reader.proveMap(end),
    subjects,
    batches: await batchesBetween(db, {
      epoch: log.epoch,
      from: begin?.covered ?? 0,
      to: end.covered,
    }),
  };
}

/** @throws {ProblemError} as `readCompleteness` does. */
async function findMaps(
  db: Db,
  log: CountReader["log"],
  { from, to }: Pick<Counted, "from" | "to">,
): Promise<{ begin: StoredMap | null; end: StoredMap }> {
  const begin = from === null ? null : await lastMapBefore(db, log, from);
  const wanted = to === null ? null : await firstMapAfter(db, log, to);
  const end = wanted ?? (await lastMapWithin(db, log));
  if (end === null) throw new ProblemError("not-proven-yet", { retryAfterSeconds: 60 });
  if (begin !== null && begin.index > end.index)
    throw invalidQuery([{ field: "to", fault: { code: "end-before-beginning" } }]);
  return { begin, end };
}

async function prove(
  reader: CountReader,
  { begin, end }: { begin: StoredMap | null; end: StoredMap },
  counted: { organisation: string } | { app: string },
): Promise<CompletenessProof["subjects"][number]> {
  const subject =
    "app" in counted
      ? countSubjects.app(counted.app)
      : countSubjects.organisation(counted.organisation);
  return {
    subject: { ...counted, salt: reader.saltOf(subject) },
    from: begin === null ? null : (await reader.count(begin, subject)).proof,
    to: (await reader.count(end, subject)).proof,
  };
}
