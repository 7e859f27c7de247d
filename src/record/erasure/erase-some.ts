import { sql } from "kysely";
import { setImmediate as breathe } from "node:timers/promises";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { OpeningServices } from "../search/open-batch.ts";
import { lockFiling } from "../search/filing-queries.ts";
import { BatchCommitter } from "../sequencer/commit-batch.ts";
import {
  addCounts,
  lockErasing,
  nextPlaces,
  postponePlaces,
  removePlaces,
  type Act,
  type ActTotals,
} from "./act-queries.ts";
import { clearCopies, type Changed } from "./clear-copies.ts";
import { readHeld } from "./hold-queries.ts";
import { DAY_MS } from "./plan.ts";
import { rewriteBatch, type Fate, type Taken } from "./rewrite-batch.ts";
import {
  deleteBatches,
  readStored,
  updateBatch,
  updateLeaves,
  type LeafState,
  type ReadBatch,
} from "./stored-batches.ts";

/** Batches in one transaction: nobody files meanwhile. */
const AT_ONCE = 40;
/** A batch that was altered is looked at again after this, ms. */
const ALTERED_AGAIN_MS = 30 * DAY_MS;

export type ErasingServices = OpeningServices & {
  /** As a role that may change what is on record. */
  db: Db;
};

/** `done`: nothing is left to do; `waiting`: what is left is not ready; `busy`: another process is at it. */
export type Progress = "more" | "done" | "waiting" | "busy";

type Looked = { read: ReadBatch; fate: Fate };

/**
 * Takes what an act is to take from its next batches, and from all copies, in one transaction. Whatever dies
 * on the way, those batches are as they were or done.
 */
export async function eraseSome(services: ErasingServices, act: Act, now: Date): Promise<Progress> {
  return await services.db.transaction().execute(async (tx) => {
    if (!(await lockErasing(tx)) || !(await lockFiling(tx))) return "busy";
    const places = await nextPlaces(tx, { act: act.number, limit: AT_ONCE });
    if (places.length === 0) return "done";
    const found = await readStored(tx, places);
    const late = found.filter(isLate).map(({ batch }) => batch);
    const looked = await judgeAll(tx, services, { act, found, now });
    await carryOut(tx, services, { act, looked });
    await postponePlaces(tx, { act: act.number, places: late });
    const isWaiting = (place: { writer: number; number: number }) =>
      late.some(({ writer, number }) => writer === place.writer && number === place.number);
    const done = places.filter((place) => !isWaiting(place));
    await removePlaces(tx, { act: act.number, places: done });
    return done.length === 0 ? "waiting" : "more";
  });
}

const isLate = ({ ready, isSetAside }: ReadBatch): boolean => ready === null && !isSetAside;

async function judgeAll(
  tx: Tx,
  { keyRing, log }: ErasingServices,
  { act, found, now }: { act: Act; found: readonly ReadBatch[]; now: Date },
): Promise<Looked[]> {
  const { plan, isReplay } = act;
  // What was held when the act was carried out first is in its plan: a hold that came back with an old database is not asked.
  const held = isReplay ? plan.held : [...plan.held, ...(await readHeld(tx, now))];
  const judging = { keyRing, committer: new BatchCommitter(), plan, held, isReplay };
  const looked: Looked[] = [];
  for (const read of found) {
    const { batch, ready, isSetAside } = read;
    if (isLate(read)) continue;
    const fate: Fate =
      ready === null || isSetAside ? { kind: "altered" } : rewriteBatch(ready, judging);
    if (fate.kind === "altered") {
      const { day, writer, number } = batch;
      log.error({ day, writer, number }, "a batch that was altered is kept as it is");
    }
    looked.push({ read, fate });
    // A batch takes some ms: requests of this process go on in between.
    await breathe();
  }
  return looked;
}

async function carryOut(
  tx: Tx,
  services: ErasingServices,
  { act, looked }: { act: Act; looked: readonly Looked[] },
): Promise<void> {
  const changed: Changed[] = [];
  const dropped: ReadBatch["batch"][] = [];
  for (const { read, fate } of looked) {
    if (fate.kind !== "dropped" && fate.kind !== "rewritten") continue;
    const after = fate.kind === "rewritten" ? fate.batch : null;
    changed.push({ before: read.batch, after, isTallied: read.isTallied });
    if (after === null) dropped.push(read.batch);
    else await updateBatch(tx, after);
  }
  await deleteBatches(tx, dropped);
  const leaves = looked.map(({ read, fate }) => leafAfter(act, read, fate));
  await updateLeaves(tx, { act: act.number, leaves });
  await clearCopies(tx, services, changed);
  await addCounts(tx, act.number, totalsOf(looked));
  await countByOrganisation(
    tx,
    act.number,
    looked.flatMap(({ fate }) => (fate.kind === "altered" ? [] : fate.taken)),
  );
}

function leafAfter({ plan }: Act, { batch }: ReadBatch, fate: Fate): LeafState {
  const { writer, number } = batch;
  const isChanged = fate.kind === "dropped" || fate.kind === "rewritten";
  const openings = fate.kind === "rewritten" ? fate.openings : null;
  return { writer, number, openings, isChanged, lookAt: lookAfter(plan, fate) };
}

function lookAfter(plan: Act["plan"], fate: Fate): Date | null | undefined {
  if (fate.kind === "dropped") return null;
  if (plan.kind === "person") return undefined;
  const nextMs =
    fate.kind === "altered" ? Date.parse(plan.at) + ALTERED_AGAIN_MS : (fate.nextMs ?? undefined);
  return nextMs === undefined ? undefined : new Date(nextMs);
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

function totalsOf(looked: readonly Looked[]): ActTotals {
  const changed = looked.filter(({ fate }) => fate.kind === "dropped" || fate.kind === "rewritten");
  const taken = looked.flatMap(({ fate }) => (fate.kind === "altered" ? [] : fate.taken));
  const indices = changed.flatMap(({ read }) => read.ready?.leaf.index ?? []);
  return {
    batches: changed.length,
    entries: sum(taken.map(({ entries }) => entries)),
    parts: sum(taken.map(({ parts }) => parts)),
    held: sum(taken.map(({ held }) => held)),
    elsewhere: sum(looked.map(({ fate }) => (fate.kind === "altered" ? 0 : fate.elsewhere))),
    altered: looked.filter(({ fate }) => fate.kind === "altered").length,
    firstLeaf: indices.length === 0 ? null : Math.min(...indices),
    lastLeaf: indices.length === 0 ? null : Math.max(...indices),
  };
}

async function countByOrganisation(tx: Tx, act: number, taken: readonly Taken[]): Promise<void> {
  const own = taken.filter(({ organisation }) => organisation !== null);
  if (own.length === 0) return;
  await sql`
    insert into erasure_count as known (act, organisation_id, entries, parts, held)
    select ${act}::bigint, organisation, sum(entries), sum(parts), sum(held)
    from unnest(${own.map(({ organisation }) => organisation)}::uuid[], ${own.map(({ entries }) => entries)}::bigint[],
      ${own.map(({ parts }) => parts)}::bigint[], ${own.map(({ held }) => held)}::bigint[])
      as taken (organisation, entries, parts, held)
    group by organisation
    on conflict (organisation_id, act) do update set entries = known.entries + excluded.entries,
      parts = known.parts + excluded.parts, held = known.held + excluded.held`.execute(tx);
}
