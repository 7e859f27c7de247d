import { Client } from "pg";
import { createKeyRing, type KeyRing } from "../src/platform/crypto/key-ring.ts";
import { newToken } from "../src/platform/crypto/tokens.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { openDatabase } from "../src/platform/db/db.ts";
import { dayOf, sealBatch, type BatchKey } from "../src/record/entries/batch.ts";
import { indexRoutine } from "../src/record/search/index-routine.ts";
import { idTerm, timeTermsOf } from "../src/record/search/terms.ts";
import { listWords } from "../src/record/search/word-queries.ts";
import { copied, copyRows, type Copied } from "./copy-rows.ts";
import type { Lab } from "./lab.ts";
import {
  addressOf,
  requestOf,
  shapesOf,
  type Cast,
  type Shape,
  type Shapes,
} from "./search-shapes.ts";
import { hashOf, insertPeople, insertSession, type Somebody } from "./seed-log.ts";

/*
 * A log of any length, filed: the rows that the filer would have written, by COPY, for to file ten million takes
 * it half an hour. Terms and words are made by the server's own code, for some thirty thousand different entries that
 * come again and again at other times and in other requests. Batches, sealed as the server seals them, stand where pages are
 * opened: the last 20 days, 15 around the middle, and wherever a needle is. What else is not as it would be: no counts
 * for the overview, no leaves of the public log, and the indexes are built after the rows.
 */

const DAY_MS = 86_400_000;
const SPAN_MS = 400 * DAY_MS;
/** Of no more entries, all batches are there: a page of few entries goes far back. */
const OPENED_WHOLE = 1_000_000;
/** Of more, how far from the end, and from the middle. */
const OPENED_MS = 20 * DAY_MS;
const OPENED_MIDDLE_MS = 8 * DAY_MS;
const SMALL_ORGANISATIONS = 2_000;
/** Of all entries, the big organisation's. */
const BIG_SHARE = 0.6;
const BIG_PEOPLE = 200;
/** Entries that a needle is found in. */
const NEEDLES = 20;
/** Important entries for each batch of routine ones in the last 20 days. */
const IMPORTANT_PER_ROUTINE_BATCH = 6;
const ROUTINE_BATCH = 16;
const ROWS_AT_ONCE = 10_000;

export type SearchSeed = {
  entries: number;
  /** Cookies' values: of who owns the big organisation, and a small one. */
  big: string;
  small: string;
  app: string;
  person: string;
  rarePerson: string;
  key: string;
  address: string;
  requestId: string;
  /** The middle of the log. */
  middleMs: number;
};

export async function seedSearch(
  lab: Lab,
  count: number,
  tell: (line: string) => void,
): Promise<SearchSeed> {
  const clients = Array.from({ length: 3 }, () => new Client({ connectionString: lab.ownerUrl }));
  for (const client of clients) await client.connect();
  const [client] = clients;
  if (client === undefined) throw new Error("there are three");
  try {
    const people = somebodies();
    const [big, small] = people;
    if (big === undefined || small === undefined) throw new Error("there are people");
    await insertPeople(client, people);
    const cast: Cast = {
      big,
      smalls: people.slice(1),
      staff: await insertStaff(client),
      leaver: uuidv7(Date.now()),
    };
    const shapes = shapesOf(cast);
    await withWords(lab, Object.values(shapes).flat());
    const began = performance.now();
    const indexes = await dropIndexes(client);
    await insertLog({ clients, lab, count, shapes });
    tell(`${count} entries sent, ${since(began)} s`);
    await makeIndexes(client, indexes);
    await indexAllRoutine(lab);
    await countWords(client, Object.values(shapes).flat());
    await client.query("vacuum analyze");
    tell(`indexed and analysed, ${since(began)} s`);
    return {
      entries: count,
      big: await insertSession(client, big.accountId),
      small: await insertSession(client, small.accountId),
      app: big.appId,
      person: cast.staff[3] ?? "",
      rarePerson: cast.leaver,
      key: big.keys[3]?.keyId ?? "",
      address: addressOf(3),
      requestId: requestOf(bigTurnFrom(Math.floor(count / 2))),
      middleMs: Date.now() - SPAN_MS / 2,
    };
  } finally {
    for (const each of clients) await each.end();
  }
}

const since = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);

function somebodies(): Somebody[] {
  const id = () => uuidv7(Date.now());
  return Array.from({ length: SMALL_ORGANISATIONS + 1 }, () => ({
    accountId: id(),
    appId: id(),
    organisationId: id(),
    keys: Array.from({ length: 10 }, () => ({ accountId: id(), keyId: newToken().slice(0, 12) })),
  }));
}

async function insertStaff(client: Client): Promise<string[]> {
  const ids = Array.from({ length: BIG_PEOPLE }, () => uuidv7(Date.now()));
  await client.query(
    `insert into account (id, kind, display_name, email, email_key)
     select p.id, 'person', 'Staff ' || p.n, 'staff-' || p.n || '@example.test', 'staff-' || p.n || '@example.test'
     from unnest($1::uuid[]) with ordinality as p (id, n)`,
    [ids],
  );
  return ids;
}

async function withWords(lab: Lab, shapes: readonly Shape[]): Promise<void> {
  const { db, close } = openDatabase(lab.ownerUrl, () => {});
  try {
    const words = new Set(shapes.flatMap((shape) => shape.words));
    const ids = await db.transaction().execute(async (tx) => await listWords(tx, words));
    for (const shape of shapes)
      shape.terms = [...shape.words.map((word) => ids.get(word)), ...shape.hashes].join(",");
  } finally {
    await close();
  }
}

async function countWords(client: Client, shapes: readonly Shape[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { words, uses } of shapes)
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + uses);
  await client.query(
    "update log_word set entries = counted.entries from unnest($1::text[], $2::bigint[]) as counted (word, entries) where log_word.word = counted.word",
    [[...counts.keys()], [...counts.values()]],
  );
}

const TABLES = ["filed_entry", "filed_subject", "entry_batch"] as const;

/** @returns what makes them again. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select case when constraint_.oid is null then format('drop index %s', index.indexrelid::regclass)
         else format('alter table %s drop constraint %I', index.indrelid::regclass, constraint_.conname) end as drop,
       case when constraint_.oid is null then pg_get_indexdef(index.indexrelid)
         else format('alter table %s add constraint %I %s', index.indrelid::regclass, constraint_.conname,
           pg_get_constraintdef(constraint_.oid)) end as make
     from pg_index as index left join pg_constraint as constraint_ on constraint_.conindid = index.indexrelid
     where index.indrelid = any($1::text[]::regclass[])`,
    [TABLES],
  );
  for (const { drop } of rows) await client.query(drop);
  for (const table of TABLES)
    await client.query(`alter table ${table} set (autovacuum_enabled = off)`);
  return rows.map(({ make }) => make);
}

async function makeIndexes(client: Client, indexes: readonly string[]): Promise<void> {
  await client.query("set maintenance_work_mem = '1GB'");
  for (const make of indexes) await client.query(make);
  for (const table of TABLES) await client.query(`alter table ${table} reset (autovacuum_enabled)`);
}

type Inserting = { clients: readonly Client[]; lab: Lab; count: number; shapes: Shapes };

/** Rows of the three tables, sent while the next are made. */
async function insertLog({ clients, lab, count, shapes }: Inserting): Promise<void> {
  const keyRing = createKeyRing({ current: lab.secretKey, previous: [] });
  const [first] = clients;
  const writers = await insertWriters(first);
  let sending: Promise<unknown> = Promise.resolve();
  let rows: Rows = { filed_entry: [], filed_subject: [], entry_batch: [] };
  let batches = 0;
  for (const batch of batchesOf(count, shapes)) {
    const late = batch.turn > count / 2 ? 2 : 0;
    const writer = writers[late + (batches++ % 2)];
    if (writer === undefined) throw new Error("there are four writers");
    addRows(rows, { keyRing, writer, batch });
    if (rows.filed_entry.length < ROWS_AT_ONCE) continue;
    await sending;
    sending = send(clients, rows);
    // What goes wrong is told by the next await.
    sending.catch(() => {});
    rows = { filed_entry: [], filed_subject: [], entry_batch: [] };
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sending;
  await send(clients, rows);
  for (const { id, number } of writers)
    await first?.query(
      "update entry_writer set filed_through = $2, tallied_through = $2 where id = $1",
      [id, number],
    );
}

type Rows = Record<(typeof TABLES)[number], string[]>;

const send = (clients: readonly Client[], rows: Rows) =>
  Promise.all(
    TABLES.map(async (table, index) => {
      const client = clients[index];
      if (client !== undefined) await copyRows(client, table, [rows[table].join("")]);
    }),
  );

type Batch = { turn: number; at: Date; shapes: Shape[]; isOpened: boolean };

function* batchesOf(count: number, shapes: Shapes): Generator<Batch> {
  const beganAtMs = Date.now() - SPAN_MS;
  const routineSinceMs = Date.now() - OPENED_MS;
  const between = Math.floor((count * 0.3) / NEEDLES);
  let routineDue = 0;
  for (let turn = 0, index = 0; turn < count; index++) {
    const at = new Date(beganAtMs + Math.floor((turn / count) * SPAN_MS));
    const size = Math.min(1 + (index % 4), count - turn);
    const chosen = Array.from({ length: size }, (_, position) => {
      const sinceThird = turn + position - Math.floor(count * 0.3);
      const isNeedle =
        sinceThird >= 0 && sinceThird % between === 0 && sinceThird < between * NEEDLES;
      return isNeedle ? one(shapes.needle, 0) : pick(shapes, turn + position);
    });
    const ageMs = (1 - turn / count) * SPAN_MS;
    const isOpened =
      count <= OPENED_WHOLE ||
      ageMs < OPENED_MS ||
      Math.abs(ageMs - SPAN_MS / 2) < OPENED_MIDDLE_MS ||
      chosen.some((shape) => shape === shapes.needle[0]);
    yield { turn, at, shapes: chosen, isOpened };
    turn += size;
    if (at.getTime() < routineSinceMs) continue;
    for (
      routineDue += size;
      routineDue >= IMPORTANT_PER_ROUTINE_BATCH;
      routineDue -= IMPORTANT_PER_ROUTINE_BATCH
    )
      yield {
        turn,
        at,
        isOpened: true,
        shapes: Array.from({ length: ROUTINE_BATCH }, (_, position) =>
          one(shapes.routine, hashOf(turn * ROUTINE_BATCH + position)),
        ),
      };
  }
}

const isBig = (turn: number): boolean => hashOf(turn) < BIG_SHARE;

/** The first entry of the big organisation from this one on. */
function bigTurnFrom(turn: number): number {
  let found = turn;
  while (!isBig(found)) found += 1;
  return found;
}

const pick = ({ big, small }: Shapes, turn: number): Shape =>
  isBig(turn) ? one(big, hashOf(turn * 7 + 1)) : one(small, hashOf(turn * 7 + 1));

function one(shapes: readonly Shape[], fraction: number): Shape {
  const shape = shapes[Math.floor(fraction * shapes.length)];
  if (shape === undefined) throw new Error("there are shapes");
  return shape;
}

function addRows(
  rows: Rows,
  { keyRing, writer, batch }: { keyRing: KeyRing; writer: Writer; batch: Batch },
): void {
  const { at, turn } = batch;
  const key = { day: dayOf(at), writer: writer.id, number: ++writer.number };
  const atText = at.toISOString();
  const requests = batch.shapes.map((_, position) => requestOf(turn + position));
  if (batch.isOpened) rows.entry_batch.push(sealedLine(keyRing, key, { batch, requests }));
  if (batch.shapes[0]?.encoded.class === "routine") return;
  const times = timeTermsOf(at).join(",");
  for (const [position, shape] of batch.shapes.entries()) {
    const { columns, subjects, terms } = shape;
    const request = requests[position] ?? "";
    shape.uses += 1;
    rows.filed_entry.push(
      lineOf([
        key.writer,
        key.number,
        position,
        key.day,
        atText,
        columns.action,
        columns.outcome,
        columns.reason,
        columns.organisation_id,
        columns.app_id,
        columns.actor_id,
        columns.credential_id,
        columns.address,
        request,
        columns.target_ids,
        `{${terms},${times},${idTerm(request)}}`,
      ]),
    );
    for (const subject of subjects)
      rows.filed_subject.push(`${subject}\t${atText}\t${key.writer}\t${key.number}\t${position}\n`);
  }
}

function sealedLine(
  keyRing: KeyRing,
  key: BatchKey,
  { batch: { at, shapes }, requests }: { batch: Batch; requests: readonly string[] },
): string {
  const entries = shapes.map(({ encoded, text }, position) => ({
    ...encoded,
    text: `${text[0]}${at.toISOString()}${text[1]}${requests[position]}${text[2]}`,
  }));
  const row = sealBatch(keyRing, key, { at, entries });
  return lineOf([
    row.day,
    row.writer,
    row.number,
    row.class,
    row.at,
    row.count,
    row.organisations,
    row.accounts,
    row.apps,
    row.credentials,
    row.payload,
    row.mac,
    row.macKeyId,
  ]);
}

const lineOf = (values: readonly Copied[]): string => `${values.map(copied).join("\t")}\n`;

type Writer = { id: number; number: number };

async function insertWriters(client: Client | undefined): Promise<Writer[]> {
  if (client === undefined) throw new Error("there is a client");
  const { rows } = await client.query<{ id: number }>(
    `insert into entry_writer (process_id, started_at)
     select gen_random_uuid(), now() - interval '400 days' from generate_series(1, $1) returning id`,
    [4],
  );
  return rows.map(({ id }) => ({ id, number: 0 }));
}

/** By the filer's own code; then nothing is left for it to look at. */
async function indexAllRoutine(lab: Lab): Promise<void> {
  const { db, pool, close } = openDatabase(lab.ownerUrl, () => {});
  try {
    for (;;) {
      const { rows } = await pool.query<{ id: number; filed: number; indexed: number }>(
        "select id, filed_through::float8 as filed, indexed_through::float8 as indexed from entry_writer where filed_through > indexed_through limit 1",
      );
      const [row] = rows;
      if (row === undefined) break;
      const { id, filed: filedThrough, indexed: indexedThrough } = row;
      // All of it is old: the newest too is indexed now.
      const now = new Date(Date.now() + DAY_MS);
      await db
        .transaction()
        .execute(async (tx) => await indexRoutine(tx, { id, filedThrough, indexedThrough }, now));
    }
    await pool.query("update entry_writer set ended_at = now()");
  } finally {
    await close();
  }
}
