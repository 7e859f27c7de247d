import type { ClientBase } from "pg";
import type { BatchKey, BatchRow } from "./batch.ts";

/** What a batch's answers were made with: it is written only while all of it still holds. */
export type Fence = {
  /** Version slots and the versions seen in them; each slot once. */
  slots: readonly number[];
  versions: readonly string[];
  /** The earliest end that an answer relied on, ms since 1970; Infinity for none. */
  endsAtMs: number;
};

export const NO_FENCE: Fence = { slots: [], versions: [], endsAtMs: Number.POSITIVE_INFINITY };

const COLUMNS =
  "day, writer, number, class, at, count, organisations, accounts, apps, credentials, payload, mac, mac_key_id";

const TYPES = [
  "date",
  "int",
  "bigint",
  "text",
  "timestamptz",
  "int",
  "uuid[]",
  "uuid[]",
  "uuid[]",
  "text[]",
  "bytea",
  "bytea",
  "text",
];

/** Parameters of the fence stand before those of the rows. */
const FENCE_PARAMETERS = 4;

/*
 * One statement, one round trip, one commit. The fence counts the slots that still have the version
 * used: a missing slot row refuses as a changed one does. `clock_timestamp()` and not `now()`: the end
 * that was relied on is compared with the moment of writing. A row whose key exists was committed by
 * an earlier try (whose answer was lost), so it is left alone and counted as not written.
 */
const statement = (rows: number): string => `
  with fence as materialized (
    select
      (select count(*) from version_slot as current
        where current.slot = any ($1::int[])
          and current.version = ($2::bigint[])[array_position($1::int[], current.slot)]
      ) = cardinality($1::int[])
      and clock_timestamp() + $3::float8 * interval '1 ms' < $4::timestamptz as holds
  ), written as (
    insert into entry_batch (${COLUMNS})
    select batch.* from fence, (values ${Array.from({ length: rows }, (_, row) => rowOfParameters(row)).join(", ")})
      as batch (${COLUMNS})
    where fence.holds
    on conflict (writer, number, day) do nothing
    returning 1
  )
  select fence.holds, (select count(*)::int from written) as written from fence`;

function rowOfParameters(row: number): string {
  const first = FENCE_PARAMETERS + row * TYPES.length + 1;
  return `(${TYPES.map((type, index) => `$${first + index}::${type}`).join(", ")})`;
}

/** One statement for each number of rows: one class in the batch, or both. */
const statements = new Map(
  [1, 2].map((rows) => [rows, { name: `write-batch-${rows}`, text: statement(rows) }]),
);

/**
 * Writes one or two batches in one commit, unless the fence no longer holds; then nothing is written.
 *
 * @returns whether the fence held, and how many rows are new (fewer: the others were there already).
 */
export async function writeBatches(
  client: ClientBase,
  rows: readonly BatchRow[],
  { fence, databaseShiftMs }: { fence: Fence; databaseShiftMs: number },
): Promise<{ holds: boolean; written: number }> {
  const prepared = statements.get(rows.length);
  if (prepared === undefined) throw new Error("a commit of the batcher holds one or two rows");
  const endsAt = Number.isFinite(fence.endsAtMs)
    ? new Date(fence.endsAtMs).toISOString()
    : "infinity";
  const { rows: results } = await client.query<{ holds: boolean; written: number }>({
    ...prepared,
    values: [
      arrayText(fence.slots),
      arrayText(fence.versions),
      databaseShiftMs,
      endsAt,
      ...rows.flatMap(parametersOf),
    ],
  });
  const [result] = results;
  if (result === undefined) throw new Error("the statement answers with one row");
  return result;
}

/** The MACs that stand under these keys, in their order; undefined where nothing stands. */
export async function readMacs(
  client: ClientBase,
  keys: readonly BatchKey[],
): Promise<(Buffer | undefined)[]> {
  const { rows } = await client.query<{ mac: Buffer | null }>(
    `select batch.mac
     from unnest($1::date[], $2::int[], $3::bigint[]) with ordinality as key (day, writer, number, place)
     left join entry_batch as batch using (day, writer, number)
     order by key.place`,
    [keys.map((key) => key.day), keys.map((key) => key.writer), keys.map((key) => key.number)],
  );
  return rows.map(({ mac }) => mac ?? undefined);
}

/** As texts: pg would make them out of lists and dates itself, and takes longer. */
function parametersOf(row: BatchRow): unknown[] {
  return [
    row.day,
    row.writer,
    row.number,
    row.class,
    row.at.toISOString(),
    row.count,
    arrayText(row.organisations),
    arrayText(row.accounts),
    arrayText(row.apps),
    arrayText(row.credentials),
    row.payload,
    row.mac,
    row.macKeyId,
  ];
}

/** PostgreSQL's text of an array; each element is quoted where one of them is not plainly an id. */
function arrayText(values: readonly (string | number)[]): string {
  if (values.every(isPlain)) return `{${values.join(",")}}`;
  return `{${values.map((value) => `"${String(value).replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(",")}}`;
}

/** Needs no quotes; `null` as a text would be no text. */
const isPlain = (value: string | number): boolean =>
  typeof value === "number" || (/^[\w-]+$/.test(value) && !/^null$/i.test(value));
