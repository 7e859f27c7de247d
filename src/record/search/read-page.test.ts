import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import type { EntryScope } from "../../ports.ts";
import { entryId } from "../entries/batch.ts";
import { decodeEntries } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { fileRound } from "./file-round.ts";
import { CHUNK_SPAN_MS } from "./index-routine.ts";
import { fromCursor, toCursor, type Position } from "./position.ts";
import { readPage } from "./read-page.ts";

let first: Harness;
let second: Harness;

beforeAll(async () => {
  first = await startHarness();
  second = await startHarness({ beside: first });
});
afterAll(async () => {
  await second.stop();
  await first.stop();
});

const ACCOUNTS = Array.from({ length: 5 }, () => randomUUID());
const APPS = Array.from({ length: 4 }, () => randomUUID());
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

const someEntry = (): Entry =>
  anEntry({
    at: first.clock.now(),
    outcome: pick(["done", "done", "refused"]),
    actor: { kind: "session", accountId: pick(ACCOUNTS), credentialId: "s" },
    ...(Math.random() < 0.7 && { appId: pick(APPS) }),
    ...(Math.random() < 0.2 && { targets: [{ type: "app", id: pick(APPS) }] }),
    ...(Math.random() < 0.2 && {
      targets: [{ type: "grant", id: "g", accountId: pick(ACCOUNTS) }],
    }),
  });

/** Both processes at once, in commits of many sizes. */
async function putMany(count: number): Promise<void> {
  for (let put = 0; put < count;) {
    const some = 1 + Math.floor(Math.random() * 40);
    await Promise.all(
      Array.from({ length: some }, () =>
        pick([first, second]).services.recorder.submit(someEntry()),
      ),
    );
    put += some;
  }
}

/** Files and indexes all that is there, ten minutes later. */
async function fileAll(): Promise<void> {
  first.clock.advance(CHUNK_SPAN_MS + 1_000);
  const isBehind = async () =>
    (await first.db
      .selectFrom("entry_writer")
      .innerJoin("entry_batch", "entry_batch.writer", "entry_writer.id")
      .select("entry_writer.id")
      .whereRef("entry_batch.number", ">", "entry_writer.indexed_through")
      .where("entry_batch.class", "=", "routine")
      .executeTakeFirst()) !== undefined;
  while (await isBehind()) await fileRound(first.services, { withBad: false, withEnds: false });
}

function concerns({ accountId, appIds }: EntryScope, entry: Entry): boolean {
  const targets = entry.targets ?? [];
  return (
    entry.actor.accountId === accountId ||
    appIds.includes(entry.appId ?? "") ||
    targets.some((target) => target.accountId === accountId || appIds.includes(target.id))
  );
}

/** Everything of the scope, newest first, told in the simplest way. */
async function everything(scope: EntryScope): Promise<string[]> {
  const rows = await first.db.selectFrom("entry_batch").selectAll().execute();
  return rows
    .flatMap((row) => {
      const batch = { ...row, number: Number(row.number), at: new Date(row.at) };
      return decodeEntries(row.payload).map((entry, position) => ({ batch, entry, position }));
    })
    .filter(({ entry }) => concerns(scope, entry))
    .toSorted(
      (one, other) =>
        other.batch.at.getTime() - one.batch.at.getTime() ||
        other.batch.writer - one.batch.writer ||
        other.batch.number - one.batch.number ||
        other.position - one.position,
    )
    .map(({ batch, position }) => entryId(batch, position));
}

async function readAll(
  scope: EntryScope,
  { limit, between = async () => {} }: { limit: number; between?: () => Promise<void> },
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: Position | undefined;
  for (;;) {
    const page = await readPage(first.services, { scope, filter: {}, cursor, limit });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    ids.push(...page.entries.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = fromCursor(toCursor(page.next));
    await between();
  }
}

const scopes = (): EntryScope[] => [
  { accountId: ACCOUNTS[0] as string, appIds: [] },
  { accountId: randomUUID(), appIds: APPS.slice(0, 1) },
  { accountId: ACCOUNTS[1] as string, appIds: APPS },
];

test("pages hold everything of the scope once, in order: filed, indexed and not filed yet, of two writers", async () => {
  await putMany(700);
  await fileAll();
  await putMany(500);
  await fileAll();
  await putMany(300);
  for (const scope of scopes()) {
    const expected = await everything(scope);
    expect(expected.length).toBeGreaterThan(100);
    for (const limit of [17, 50, 200]) expect(await readAll(scope, { limit })).toEqual(expected);
  }
});

test("while entries arrive and are filed between pages, none is repeated, and none that was there is skipped", async () => {
  for (const scope of scopes()) {
    const before = await everything(scope);
    const was = new Set(before);
    let turn = 0;
    const read = await readAll(scope, {
      limit: 40,
      between: async () => {
        await putMany(20);
        if (turn++ === 3) await fileAll();
      },
    });
    expect(new Set(read).size).toBe(read.length);
    expect(read.filter((id) => was.has(id))).toEqual(before);
  }
});

test("a page of any beginning and length is that part of the whole", async () => {
  const scope = scopes()[2] as EntryScope;
  const whole = await readAll(scope, { limit: 200 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 2),
      fc.integer({ min: 1, max: 200 }),
      async (start, limit) => {
        const page = await readPage(first.services, {
          scope,
          filter: {},
          limit,
          cursor: placeOf(whole[start] as string, await atOf(whole[start] as string)),
        });
        expect(page.entries.map(({ id }) => id)).toEqual(whole.slice(start + 1, start + 1 + limit));
      },
    ),
    { numRuns: 40 },
  );
});

function placeOf(id: string, atMs: number): Position {
  const [, writer, number, position] = id.split("-").map(Number);
  return { atMs, writer: writer as number, number: number as number, position: position as number };
}

async function atOf(id: string): Promise<number> {
  const [, writer, number] = id.split("-").map(Number);
  const row = await first.db
    .selectFrom("entry_batch")
    .select("at")
    .where("writer", "=", writer as number)
    .where("number", "=", String(number))
    .executeTakeFirstOrThrow();
  return new Date(row.at).getTime();
}

test("a filter by time reads that time alone, in every kind of place", async () => {
  const scope = scopes()[2] as EntryScope;
  const whole = await readAll(scope, { limit: 200 });
  const ids = [0.1, 0.35, 0.6, 0.9].map((part) => whole[Math.floor(part * whole.length)] as string);
  const times = await Promise.all(ids.map(atOf));
  const all = new Map<string, number>();
  for (const id of whole) all.set(id, await atOf(id));
  for (const [toMs, fromMs] of [times.slice(0, 2), times.slice(1, 3), times.slice(2, 4)]) {
    const { entries } = await readPage(first.services, {
      scope,
      filter: { fromMs: fromMs as number, toMs: toMs as number },
      limit: 10_000,
    });
    const expected = whole.filter((id) => {
      const atMs = all.get(id) ?? 0;
      return atMs >= (fromMs as number) && atMs < (toMs as number);
    });
    expect(entries.map(({ id }) => id)).toEqual(expected);
  }
});
