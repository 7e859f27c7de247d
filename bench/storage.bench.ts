import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { EntryClass } from "../src/contract/record/entry-class.ts";
import { machine, openLab, type Lab } from "./lab.ts";
import { seedLog } from "./seed-log.ts";

const PORT = 27_796;
const ENTRIES = { important: 50_000, routine: 200_000 } as const;
const LOOK_MS = 1_000;
/** What the parts of a process write after each other is over when nothing has grown for so long, looks. */
const STILL_LOOKS = 15;
const PATIENCE_MS = 30 * 60_000;
/** All periods are over. */
const AGE_DAYS = 3_700;

/**
 * What an entry costs on disk, all tables and indexes together: once it is filed, counted and in the public log, and
 * once its period is over and the eraser was there. By real processes; the months in between are the database's.
 */
export async function benchStorage(
  _seconds: number,
  tell: (line: string) => void,
  entries?: number,
): Promise<object> {
  const results: Record<string, string | number> = {};
  for (const entryClass of ["important", "routine"] as const) {
    const found = await measure(entryClass, entries ?? ENTRIES[entryClass], tell);
    for (const [name, text] of Object.entries(found)) {
      results[`${entryClass}: ${name}`] = text;
      tell(`${entryClass}: ${name}: ${text}`);
    }
  }
  return { ...results, machine: machine() };
}

async function measure(
  entryClass: EntryClass,
  count: number,
  tell: (line: string) => void,
): Promise<Record<string, string | number>> {
  const options = { only: entryClass, agoMs: AGE_DAYS * 86_400_000 };
  const lab = await openLab({ isPinned: false });
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  try {
    await seedLog(lab, 100, options);
    await running(lab, async () => await isStill(client));
    await compact(client);
    const empty = await sizes(client);
    const { entries } = await seedLog(lab, count, options);
    await running(lab, async () => await isStill(client));
    await client.query("vacuum analyze");
    const kept = await sizes(client);
    tell(`${entries} ${entryClass} entries are filed, counted and in the public log`);
    await age(client);
    await running(lab, async () => await areGone(client));
    await client.query("vacuum analyze");
    const vacuumed = await sizes(client);
    await compact(client);
    const after = await sizes(client);
    return {
      entries,
      "bytes for each while kept": grown(empty, kept, entries).total,
      "of these": grown(empty, kept, entries).told,
      "bytes for each after its period": grown(empty, after, entries).total,
      "of these, after": grown(empty, after, entries).told,
      "… before files are written anew": grown(empty, vacuumed, entries).total,
    };
  } finally {
    await client.end();
    await lab.stop();
  }
}

/** All parts of a process, until `isOver`. */
async function running(lab: Lab, until: () => Promise<void>): Promise<void> {
  const server = await lab.startSallyport(PORT, { isPinned: false });
  try {
    await until();
  } finally {
    await server.stop();
  }
}

type Sizes = ReadonlyMap<string, number>;

/** Bytes of each table with its indexes and what is kept out of line. */
async function sizes(client: Client): Promise<Sizes> {
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `select relname as name, pg_total_relation_size(relid) as bytes from pg_stat_user_tables
     where schemaname = 'public'`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

function grown(from: Sizes, to: Sizes, entries: number): { total: number; told: string } {
  const each = [...to]
    .map(([name, bytes]) => ({ name, bytes: (bytes - (from.get(name) ?? 0)) / entries }))
    .toSorted((one, other) => other.bytes - one.bytes);
  const total = each.reduce((sum, { bytes }) => sum + bytes, 0);
  const told = each
    .filter(({ bytes }) => bytes >= 0.5)
    .map(({ name, bytes }) => `${name} ${Math.round(bytes)}`);
  return { total: Math.round(total), told: told.join(", ") };
}

/** Waits until everything is filed and sequenced, and nothing grows any more. */
async function isStill(client: Client): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let [last, still] = ["", 0];
  while (performance.now() < deadline) {
    await delay(LOOK_MS);
    const { rows } = await client.query<{ waiting: string }>(
      `select sum(newest.number - least(filed_through, indexed_through + 2048, tallied_through, sequenced_through)) as waiting
       from entry_writer cross join lateral (
         select coalesce(max(number), 0) as number from entry_batch where writer = id) as newest`,
    );
    const now = JSON.stringify([...(await sizes(client))]);
    still = now === last && Number(rows[0]?.waiting) <= 0 ? still + 1 : 0;
    if (still >= STILL_LOOKS) return;
    last = now;
  }
  throw new Error("the log does not come to rest");
}

/** What is on record came into the log as long ago as its entries say that they are. */
async function age(client: Client): Promise<void> {
  await client.query(
    "update log_leaf set taken_at = taken_at - $1 * interval '1 day', look_at = now() where look_at is not null",
    [AGE_DAYS],
  );
  await compact(client);
}

async function areGone(client: Client): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    await delay(LOOK_MS);
    const { rows } = await client.query<{ left: string }>(
      "select count(*) as left from entry_batch where at < now() - interval '1 day'",
    );
    if (Number(rows[0]?.left) === 0) return await isStill(client);
  }
  throw new Error("the eraser does not come to an end");
}

/** Files written anew, without what was deleted in them. */
const compact = async (client: Client): Promise<void> => void (await client.query("vacuum full"));
