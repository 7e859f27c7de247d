import type { Db } from "../../platform/db/db.ts";
import type { Context } from "../../context.ts";
import type { BatchRow } from "../entries/batch.ts";
import { readBatches, type BatchPlace } from "./batch-queries.ts";
import { matches, type EntryFilter } from "./entry-filter.ts";
import { openBatch } from "./open-batch.ts";
import { isAfter, type Position } from "./position.ts";
import { visibleEntry, type ReaderScope, type VisibleEntry } from "./visible-entry.ts";

/**
 * One place that entries are read from, newest first. A step without an entry says how far was looked;
 * so a filter that fits nothing is seen to make progress.
 */
export type Step = { place: Position; entry?: VisibleEntry };
export type Source = AsyncGenerator<Step, void, undefined>;

export type Search = {
  /** All reads of one search see one state of the database: an entry is filed or not, never both or neither. */
  db: Db;
  services: Pick<Context, "keyRing" | "log" | "recorder">;
  scope: ReaderScope;
  /** The accounts and apps under which entries are looked for. */
  subjects: readonly string[];
  filter: EntryFilter;
  /** Where to begin: only what is read after it. */
  before: Position;
  /** How many entries are wanted. */
  limit: number;
  /** Rows looked at, for all sources together. */
  spent: { rows: number };
};

/** Batches read at a time: few at first, for one may hold 400 entries and fill the page, then more. */
const BATCHES_AT_FIRST = 4;
const BATCHES_AT_MOST = 64;
/** ... where PostgreSQL tells that most of them hold nothing that is wanted. */
const SIFTED_AT_MOST = 512;
/** What that costs of each, in rows looked at. */
const SIFTING_COSTS = 2;
/** What opening an entry costs, in rows looked at. */
export const OPENING_COSTS = 3;

export type TimedPlace = BatchPlace & { atMs: number };

/** The entries in these batches, which are in their order. */
export async function* entriesOf(search: Search, places: readonly TimedPlace[]): Source {
  const mayFit = textFilter(search);
  const { credentialIds } = search.filter;
  const most = credentialIds === undefined ? BATCHES_AT_MOST : SIFTED_AT_MOST;
  let share = BATCHES_AT_FIRST;
  for (let index = 0; index < places.length;) {
    const some = places.slice(index, index + share);
    index += share;
    share = Math.min(share * 2, most);
    const read = await readBatches(search.db, some, credentialIds);
    if (credentialIds !== undefined) search.spent.rows += SIFTING_COSTS * some.length;
    const batches = new Map(read.map((batch) => [keyOf(batch), batch]));
    const found = some
      .map((place) => batches.get(keyOf(place)))
      .filter((batch) => batch !== undefined);
    for (const batch of found) yield* stepsIn(search, batch, mayFit);
    const last = some.at(-1);
    if (last !== undefined) yield { place: { ...last, position: 0 } };
  }
}

function* stepsIn(
  search: Search,
  batch: BatchRow,
  mayFit: (position: number, text: string) => boolean,
): Generator<Step> {
  const seen = seenIn(search, batch, mayFit);
  search.spent.rows += batch.count + OPENING_COSTS * seen.length;
  for (const entry of seen.toReversed())
    if (isAfter(entry.place, search.before)) yield { place: entry.place, entry };
}

/** What the reader sees in a batch, and asked for, oldest first. */
export function seenIn(
  { services, scope, filter }: Search,
  batch: BatchRow,
  isWanted: (position: number, text: string) => boolean,
): VisibleEntry[] {
  const seen: VisibleEntry[] = [];
  for (const [position, entry] of openBatch(services, batch, isWanted) ?? []) {
    const visible = visibleEntry(scope, batch, { position, entry });
    if (visible !== null && matches(visible, filter)) seen.push(visible);
  }
  return seen;
}

/** With more subjects, looking for each of them in a text costs more than reading it. */
const MAX_SOUGHT = 8;

/**
 * Tells by its text alone that an entry is not wanted: a batch holds entries of many organisations, and
 * to read them all takes longer than anything else here.
 */
export function textFilter({
  subjects,
  filter,
}: Search): (position: number, text: string) => boolean {
  const sought = [subjects, filter.credentialIds ?? []].filter(
    (some) => some.length > 0 && some.length <= MAX_SOUGHT,
  );
  return (_position, text) => {
    const lowered = text.toLowerCase();
    return sought.every((some) => some.some((part) => lowered.includes(part.toLowerCase())));
  };
}

export const keyOf = ({ writer, number }: BatchPlace): string => `${writer}-${number}`;
