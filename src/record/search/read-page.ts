import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import type { EntryScope } from "../../ports.ts";
import { classesOf, type EntryFilter } from "./entry-filter.ts";
import { filedSource } from "./filed-source.ts";
import { mergeSources } from "./merge-sources.ts";
import { compareNewestFirst, NEWEST, type Position } from "./position.ts";
import { routineSource } from "./routine-source.ts";
import type { Search, Source } from "./source.ts";
import { unfiledSource } from "./unfiled-source.ts";
import { readerScope, type VisibleEntry } from "./visible-entry.ts";

/** Rows looked at for one page. A filter that fits little answers with a short page and a cursor beyond it. */
const MAX_ROWS = 10_000;

export type PageQuery = {
  scope: EntryScope;
  filter: EntryFilter;
  /** Where the page before ended. */
  cursor?: Position | undefined;
  limit: number;
};

export type Page = { entries: VisibleEntry[]; next: Position | null };

/**
 * Entries in the reader's scope that fit the filter, newest first: those filed, those not filed yet and
 * routine ones, merged. Reads a bounded number of rows, in one snapshot.
 */
export async function readPage(
  services: Pick<Context, "db" | "keyRing" | "log" | "recorder">,
  { scope, filter, cursor = NEWEST, limit }: PageQuery,
): Promise<Page> {
  const upTo: Position = { ...NEWEST, atMs: filter.toMs ?? NEWEST.atMs };
  const before = compareNewestFirst(cursor, upTo) > 0 ? cursor : upTo;
  const subjects = searchSubjectsOf(scope, filter);
  if (subjects.length === 0) return { entries: [], next: null };
  return await inSnapshot(services.db, async (db) => {
    const spent = { rows: 0 };
    const reader = readerScope(scope);
    return await takePage({ db, services, scope: reader, subjects, filter, before, limit, spent });
  });
}

/** Whoever asks for apps that they audit finds all of it under these. */
export function searchSubjectsOf(
  { accountId, appIds }: EntryScope,
  { appIds: asked }: EntryFilter,
): string[] {
  if (asked !== undefined && asked.every((appId) => appIds.includes(appId))) return [...asked];
  const apps = asked === undefined ? appIds : appIds.filter((appId) => asked.includes(appId));
  return accountId === null ? [...apps] : [accountId, ...apps];
}

/** One state of the database for all statements of a page. It is over in milliseconds. */
export async function inSnapshot<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  return await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(work);
}

async function takePage(search: Search): Promise<Page> {
  const { limit, spent } = search;
  const entries: VisibleEntry[] = [];
  for await (const { place, entry } of mergeSources(sourcesOf(search))) {
    if (entry !== undefined) {
      // One more than fits: there is a next page.
      if (entries.length === limit) return { entries, next: entries.at(-1)?.place ?? null };
      entries.push(entry);
    }
    if (spent.rows > MAX_ROWS && entries.length < limit) return { entries, next: place };
  }
  return { entries, next: null };
}

function sourcesOf(search: Search): Source[] {
  const classes = classesOf(search.filter);
  const sources: Source[] = [unfiledSource(search)];
  if (classes.includes("important")) sources.push(filedSource(search));
  if (classes.includes("routine")) sources.push(routineSource(search));
  return sources;
}
