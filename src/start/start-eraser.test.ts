import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../../test/builders/access.ts";
import { DAY_MS, startErasing, type EraserBench } from "../../test/builders/erasing.ts";
import { addPerson, type Person } from "../../test/builders/people.ts";
import { startHarness, type Harness } from "../../test/harness.ts";
import { backUp, type TestDatabase } from "../../test/template-database.ts";
import { openDatabase } from "../platform/db/db.ts";
import { folderStore } from "../record/anchor/anchor-store.ts";
import { uuidv7 } from "../platform/crypto/uuid.ts";
import type { OpenServices } from "./open-services.ts";
import { startEraser } from "./start-eraser.ts";

/*
 * A database comes back from a backup that was made before something was erased: it is erased again before
 * anything is served.
 */

const [BROWSER, NAME] = ["Restored/1.0", "Rosa Restored"];

let h: Harness;
let b: EraserBench;
let backup: TestDatabase;
let person: Person;
let shop: OwnedApp;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  b = await startErasing(h);
  person = await addPerson(h);
  shop = await addApp(h, { owner: person });
  const as = { ...person.headers, "user-agent": BROWSER };
  for (const displayName of [NAME, "Robin Example"])
    await h.call("PATCH", "/v1/account", { as, body: { displayName } });
  await Promise.all(
    Array.from({ length: 6 }, () => h.call("GET", `/v1/apps/${shop.appId}`, { as })),
  );
  await b.settle();
  // Written when the backup is made, and not in the log yet.
  await h.call("PATCH", "/v1/account", { as, body: { displayName: NAME } });
  await h.call("PATCH", "/v1/account", { as, body: { displayName: "Robin Example" } });
  backup = await backUp(h.database);

  await h.db
    .insertInto("erasure_request")
    .values({
      id: uuidv7(h.clock.now().getTime()),
      account_id: person.accountId,
      asked_by: person.accountId,
      asked_at: h.clock.now(),
      next_at: new Date(h.clock.now().getTime() + 14 * DAY_MS),
    })
    .execute();
  h.clock.advance(91 * DAY_MS);
  await b.erase();
  expect(await b.tablesWith(BROWSER, NAME)).toEqual([]);
});
afterAll(async () => {
  await b.close();
  await h.stop();
  await backup.drop();
});

const after: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of after.toReversed()) await close();
  after.length = 0;
});

/** A process that starts on the database that came back; the anchor stayed where it was. */
async function restore(): Promise<{
  restored: Harness;
  owner: ReturnType<typeof openDatabase>;
  start: () => Promise<void>;
}> {
  const restored = await startHarness({
    isFiling: false,
    beside: { clock: h.clock, database: backup, services: h.services },
  });
  const owner = openDatabase(backup.ownerUrl, () => {});
  after.push(() => restored.stop(), owner.close);
  const signing = { ...b.log.services, db: owner.db };
  const start = async (): Promise<void> => {
    const open = { services: restored.services } as OpenServices;
    const store = folderStore(b.folder);
    after.push(await startEraser(open, { ownerUrl: backup.ownerUrl, signing, store }));
  };
  return { restored, owner, start };
}

const isThere = async ({ pool }: ReturnType<typeof openDatabase>): Promise<boolean> => {
  const { rowCount } = await pool.query(
    "select from entry_batch where position($1::bytea in payload) > 0 or position($2::bytea in payload) > 0 limit 1",
    [Buffer.from(BROWSER), Buffer.from(NAME)],
  );
  return rowCount !== 0;
};

test("a page of the ledger that is not ours has nothing erased: the start is refused and names it", async () => {
  const { owner, start } = await restore();
  const path = join(b.folder, "erasures", "1.json");
  const page = await readFile(path, "utf8");
  await writeFile(path, page.replace(person.accountId, shop.appId));
  await expect(start()).rejects.toThrow(path);
  await writeFile(path, page);
  expect(await isThere(owner)).toBe(true);
});

test("what was erased since the backup is erased again before anything is served", async () => {
  const { restored, owner, start } = await restore();
  expect(await isThere(owner)).toBe(true);
  await start();
  expect(await isThere(owner)).toBe(false);
  for (const table of [
    "filed_entry",
    "filed_subject",
    "routine_index",
    "entry_tally",
    "entry_tally_subject",
  ]) {
    const { rowCount } = await owner.pool.query(
      `select from ${table} as row where position($1 in row::text) > 0`,
      [person.accountId],
    );
    expect([table, rowCount]).toEqual([table, 0]);
  }
  const acts = (await restored.entries()).filter(({ action }) => action.endsWith(".carried-out"));
  expect(acts.map(({ change }) => change?.after)).toEqual(
    acts.map((_, index) => expect.objectContaining({ act: index + 1, isReplay: true })),
  );
  expect(acts.length).toBe((await b.given.ledger.numbers()).length);
  // And once: the next start finds nothing.
  const before = (await restored.entries()).length;
  await start();
  expect((await restored.entries()).length).toBe(before);
});
