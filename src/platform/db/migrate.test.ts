import { readdir } from "node:fs/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { migrate } from "./migrate.ts";

/** A database without anything in it. */
async function emptyDatabase(name: string): Promise<{ url: string; drop(): Promise<void> }> {
  const { adminUrl } = inject("testServer");
  const admin = (text: string) => query(adminUrl, text);
  await admin(`create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await admin(`drop database if exists ${name} with (force)`);
    },
  };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const files = (await readdir("migrations")).filter((file) => file.endsWith(".sql"));

// Guarantee: however many processes start at once on an empty database, each migration happens once.
test("of twenty migrators at once all come back, and each migration is there once", async () => {
  const database = await emptyDatabase(`sallyport_migrators_${process.pid}`);
  try {
    await Promise.all(Array.from({ length: 20 }, () => migrate({ ownerUrl: database.url })));
    const rows = await query<{ name: string }>(
      database.url,
      "select name from migration order by number",
    );
    expect(rows.map(({ name }) => name)).toEqual(files.toSorted());
    const [slots] = await query<{ count: string; distinct: string }>(
      database.url,
      "select count(*), count(distinct version) as distinct from version_slot",
    );
    expect(slots).toEqual({ count: "2049", distinct: "2049" });
  } finally {
    await database.drop();
  }
});

test("a migration that fails leaves nothing of itself, and the next start tries it again", async () => {
  const database = await emptyDatabase(`sallyport_broken_${process.pid}`);
  try {
    // Something of the same name stands in the way of the second migration.
    await query(database.url, "create table entry_writer (id int)");
    await expect(migrate({ ownerUrl: database.url })).rejects.toThrow("0002_record.sql failed");
    const applied = await query<{ number: number }>(
      database.url,
      "select number from migration order by number",
    );
    expect(applied).toEqual([{ number: 1 }]);
    await query(database.url, "drop table entry_writer");
    await migrate({ ownerUrl: database.url });
    expect(await query(database.url, "select number from migration")).toHaveLength(files.length);
  } finally {
    await database.drop();
  }
});

describe("the runtime role", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await cloneTemplate();
  });
  afterAll(async () => database.drop());

  // Attack: whoever can run SQL as the application rewrites the log.
  test.each([
    "update entry_batch set payload = ''",
    "delete from entry_batch",
    "truncate entry_batch",
    "update filed_entry set outcome = 'done'",
    "delete from filed_entry",
    "delete from version_slot",
    "insert into version_slot values (3000, 1)",
    "delete from migration",
    "drop table entry_batch",
    "alter table entry_batch disable trigger all",
    "create table mine (id int)",
    "delete from graphile_worker._private_jobs",
  ])("may not: %s", async (text) => {
    await expect(query(database.runtimeUrl, text)).rejects.toMatchObject({ code: "42501" });
  });

  test("queues jobs through the one function", async () => {
    await query(
      database.runtimeUrl,
      `select enqueue_job('send-mail', '{"mailId":"1"}', 'send-mail:1', 3, null)`,
    );
    expect(await query(database.ownerUrl, "select key from graphile_worker.jobs")).toEqual([
      { key: "send-mail:1" },
    ]);
  });
});
