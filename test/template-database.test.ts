import { Client } from "pg";
import { expect, it } from "vitest";
import { cloneTemplate } from "./template-database.ts";

it("hands out migrated databases to many at once, each on its own", async () => {
  const databases = await Promise.all(Array.from({ length: 8 }, () => cloneTemplate()));
  try {
    const [first, second] = databases;
    const insert = "insert into permission (key, description) values ('test:read', 'One')";
    await query(first?.runtimeUrl, insert);
    const read = "select key from permission where key = 'test:read'";
    expect(await query(first?.runtimeUrl, read)).toEqual([{ key: "test:read" }]);
    expect(await query(second?.runtimeUrl, read)).toEqual([]);
    await expect(query(first?.runtimeUrl, "delete from entry_batch")).rejects.toThrow(/permission/);
  } finally {
    await Promise.all(databases.map((database) => database.drop()));
  }
});

async function query(url = "", text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
