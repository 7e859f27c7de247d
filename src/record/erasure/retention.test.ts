import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { DAY_MS, startErasing, type EraserBench } from "../../../test/builders/erasing.ts";
import { addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { proofCrypto } from "../../../cli/proof-crypto.ts";
import { verifyEntry } from "../../contract/proofs/verify-entry.ts";
import { verifyLog } from "../../contract/proofs/verify-log.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { openDatabase } from "../../platform/db/db.ts";
import { decodeEntries } from "../entries/entry-codec.ts";
import { openAct } from "./act-queries.ts";
import { eraseDue } from "./eraser.ts";
import { eraseSome } from "./erase-some.ts";

let h: Harness;
let b: EraserBench;
/** Of an organisation that chose nothing, and of one that keeps longer. */
let shop: OwnedApp;
let vault: OwnedApp;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  b = await startErasing(h);
});
afterAll(async () => {
  await b.close();
  await h.stop();
});

let browser = 0;
beforeEach(async () => {
  browser += 1;
  shop = await addApp(h);
  vault = await addApp(h);
});

const [SHOP_ADDRESS, VAULT_ADDRESS] = ["203.0.113.66", "203.0.113.99"];
const shopBrowser = () => `Shopper/${browser}.0`;
const vaultBrowser = () => `Vaulter/${browser}.0`;

const headersOf = async ({ accountId }: Person): Promise<Headers> =>
  (await addSession(h, accountId)).headers;

/** Reads of both in batches of both, and a change of each. */
async function live(): Promise<void> {
  const asShop = {
    as: { ...(await headersOf(shop.owner)), "user-agent": shopBrowser() },
    from: SHOP_ADDRESS,
  };
  const asVault = {
    as: { ...(await headersOf(vault.owner)), "user-agent": vaultBrowser() },
    from: VAULT_ADDRESS,
  };
  for (let turn = 0; turn < 2; turn++)
    await Promise.all(
      Array.from({ length: 6 }, () => [
        h.call("GET", `/v1/apps/${shop.appId}`, asShop),
        h.call("GET", `/v1/apps/${vault.appId}`, asVault),
      ]).flat(),
    );
  await h.call("PATCH", `/v1/apps/${shop.appId}`, { ...asShop, body: { name: "Shop" } });
  await h.call("PATCH", `/v1/apps/${vault.appId}`, { ...asVault, body: { name: "Vault" } });
  await b.settle();
}

async function choose(
  { organisationId }: OwnedApp,
  days: { routine: number; important: number; address: number },
): Promise<void> {
  await h.db
    .insertInto("retention_policy")
    .values({
      organisation_id: organisationId,
      routine_days: days.routine,
      important_days: days.important,
      address_days: days.address,
    })
    .execute();
}

const rowsIn = async (query: string, values: unknown[] = []): Promise<number> => {
  const { rows } = await b.log.owner.pool.query<{ count: number }>(
    `select count(*)::int as count from ${query}`,
    values,
  );
  return rows[0]?.count ?? 0;
};

const verified = async () =>
  await verifyLog(proofCrypto, {
    read: async (path) =>
      new Uint8Array((await h.app.inject({ method: "GET", url: `/audit/${path}` })).rawPayload),
    key: b.log.services.signer.verifierKey("sec.example.test/audit/1"),
    earlier: undefined,
  });

/** What is counted, from the table and anew from the batches. */
async function counts(): Promise<[string[], string[]]> {
  const { rows } = await b.log.owner.pool.query<{ line: string }>(
    `select concat_ws(' ', action, outcome, actor_id, host(address), app_id, sum(count)) as line from entry_tally
     group by action, outcome, actor_id, address, app_id`,
  );
  const counted = new Map<string, number>();
  const { rows: batches } = await b.log.owner.pool.query<{ payload: Buffer }>(
    "select payload from entry_batch",
  );
  for (const { payload } of batches)
    for (const { action, outcome, actor, address, appId, count = 1 } of decodeEntries(payload)) {
      const key = [action, outcome, actor.accountId, address, appId]
        .filter((value) => value !== null && value !== undefined)
        .join(" ");
      counted.set(key, (counted.get(key) ?? 0) + count);
    }
  return [
    rows.map(({ line }) => line).toSorted(),
    [...counted].map(([key, count]) => `${key} ${count}`).toSorted(),
  ];
}

const lastAct = async (): Promise<Record<string, unknown>> => {
  const acts = (await h.entries()).filter(({ action }) => action === "retention.carried-out");
  return (acts.at(-1)?.change?.after ?? {}) as Record<string, unknown>;
};

describe("when a period has ended", () => {
  test("what ended is gone from every table, what has not is there, and the whole log still holds", async () => {
    await choose(vault, { routine: 200, important: 400, address: 400 });
    await live();
    const leaves = await rowsIn("log_leaf");
    h.clock.advance(31 * DAY_MS);
    await b.erase();
    expect(
      await rowsIn("entry_batch where class = 'routine' and $1 = any(apps)", [shop.appId]),
    ).toBe(0);
    expect(await rowsIn("routine_index where subject = $1", [shop.appId])).toBe(0);
    expect(await rowsIn("routine_index where subject = $1", [vault.appId])).toBeGreaterThan(0);
    expect(await rowsIn("filed_subject where subject = $1", [shop.appId])).toBeGreaterThan(0);
    const list = async (app: OwnedApp) =>
      (
        await h.call("GET", `/v1/audit/entries?app=${app.appId}&action=app.*`, {
          as: await headersOf(app.owner),
        })
      ).body.entries.map(({ action }: { action: string }) => action);
    expect(await list(shop)).toEqual(["app.renamed", "app.created"]);
    expect((await list(vault)).filter((action: string) => action === "app.read")).toHaveLength(12);
    await b.settle();
    const [counted, anew] = await counts();
    expect(counted).toEqual(anew);

    h.clock.advance(370 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith(shopBrowser(), SHOP_ADDRESS, vaultBrowser(), VAULT_ADDRESS)).toEqual(
      [],
    );
    expect(
      await rowsIn("log_leaf where look_at is null and seed is null and openings is null"),
    ).toBeGreaterThan(10);
    await b.settle();
    const report = await verified();
    expect(report.altered).toEqual([]);
    expect(report.size).toBeGreaterThan(leaves);
    const [left, leftAnew] = await counts();
    expect(left).toEqual(leftAnew);
  });

  test("the act is an entry that says how much went, and of which leaves", async () => {
    await live();
    const from = await rowsIn("log_leaf");
    h.clock.advance(31 * DAY_MS);
    await b.erase();
    const act = await lastAct();
    expect(act).toMatchObject({ isReplay: false, held: 0, elsewhere: 0, altered: 0 });
    expect(act["entries"]).toBeGreaterThanOrEqual(12);
    const [, last] = act["leaves"] as [number, number];
    expect(last).toBeLessThan(from);
    const gone = await rowsIn("log_leaf where erased_by = $1", [act["act"]]);
    expect(gone).toBe(act["batches"]);
    expect(
      await rowsIn("erasure_count where organisation_id = $1 and act = $2", [
        shop.organisationId,
        act["act"],
      ]),
    ).toBe(1);
  });

  test("of where entries came from, it alone goes; they show it, and are proven as before", async () => {
    await choose(shop, { routine: 400, important: 400, address: 90 });
    await live();
    h.clock.advance(91 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith(shopBrowser())).toEqual([]);
    await b.settle();
    const as = await headersOf(shop.owner);
    const { body } = await h.call("GET", `/v1/audit/entries?action=app.renamed`, { as });
    expect(body.entries[0]).toMatchObject({
      actor: { kind: "session", accountId: shop.owner.accountId },
      address: null,
      erased: ["context"],
      change: { after: { name: "Shop" } },
    });
    const proof = await h.call("GET", `/v1/audit/entries/${body.entries[0].id}/proof`, { as });
    expect(proof.body.parts.filter((part: object) => "erased" in part)).toEqual([
      { kind: 4, commitment: expect.any(String), erased: true },
    ]);
    const key = b.log.services.signer.verifierKey("sec.example.test/audit/1");
    expect(await verifyEntry(proofCrypto, proof.body, key)).toMatchObject({ closed: 1, erased: 1 });
  });

  test("nothing goes that PostgreSQL's clock says is younger, whatever ours says", async () => {
    await live();
    h.clock.advance(31 * DAY_MS);
    h.clock.behindDatabaseMs = -31 * DAY_MS;
    try {
      await b.erase();
    } finally {
      h.clock.behindDatabaseMs = 0;
    }
    const left = "entry_batch where class = 'routine' and $1 = any(apps)";
    expect(await rowsIn(left, [shop.appId])).toBeGreaterThan(0);
    await b.erase();
    expect(await rowsIn(left, [shop.appId])).toBe(0);
  });

  test("what was altered is kept as it is, and counted", async () => {
    await live();
    const replace = async (from: string, to: string) =>
      await b.log.owner.pool.query(
        "update entry_batch set payload = replace(encode(payload, 'escape'), $2, $3)::bytea where $1 = any(apps)",
        [shop.appId, from, to],
      );
    await replace("app.renamed", "app.ruined");
    h.clock.advance(401 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith("app.ruined")).toContain("entry_batch");
    expect((await lastAct())["altered"]).toBeGreaterThan(0);
    await replace("app.ruined", "app.renamed");
    h.clock.advance(31 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith(shopBrowser())).toEqual([]);
  });
});

describe("what is held", () => {
  test("stays, and the act says how much; released, it goes without anybody's asking", async () => {
    await live();
    const id = uuidv7(h.clock.now().getTime());
    await h.db
      .insertInto("legal_hold")
      .values({
        id,
        organisation_id: shop.organisationId,
        reason: "A court asks",
        placed_by: shop.owner.accountId,
        is_operators: false,
        placed_at: h.clock.now(),
      })
      .execute();
    h.clock.advance(401 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith(shopBrowser())).toContain("entry_batch");
    expect(await b.tablesWith(vaultBrowser())).toEqual([]);
    expect((await lastAct())["held"]).toBeGreaterThanOrEqual(13);
    await h.db
      .updateTable("legal_hold")
      .set({ released_at: h.clock.now(), released_by: shop.owner.accountId })
      .where("id", "=", id)
      .execute();
    h.clock.advance(2 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith(shopBrowser())).toEqual([]);
  });

  test("since an act has begun, stays too", async () => {
    await live();
    h.clock.advance(401 * DAY_MS);
    await b.settle();
    // Begun, and then the process dies.
    await eraseDue(b.given, () => true);
    const act = await openAct(b.given.db);
    expect(act).not.toBeNull();
    await h.db
      .insertInto("legal_hold")
      .values({
        id: uuidv7(h.clock.now().getTime()),
        account_id: vault.owner.accountId,
        reason: "A court asks",
        placed_by: shop.owner.accountId,
        is_operators: true,
        placed_at: h.clock.now(),
      })
      .execute();
    await b.erase();
    expect(await b.tablesWith(vaultBrowser())).toContain("entry_batch");
    expect(await b.tablesWith(shopBrowser())).toEqual([]);
    await h.db.deleteFrom("legal_hold").execute();
  });
});

describe("an act that breaks off", () => {
  test("goes on where it was: killed again and again, it takes everything once", async () => {
    for (let turn = 0; turn < 3; turn++) await live();
    h.clock.advance(31 * DAY_MS);
    await b.settle();
    const due = await rowsIn("entry_batch where class = 'routine' and $1 = any(apps)", [
      shop.appId,
    ]);
    const doomed = openDatabase(h.database.ownerUrl, () => {}, { application_name: "doomed" });
    await eraseDue({ ...b.given, db: doomed.db }, () => true).catch(() => {});
    const act = await openAct(b.given.db);
    if (act === null) throw new Error("an act was begun");
    for (let turn = 0; turn < 12; turn++) {
      const round = eraseSome({ ...h.services, db: doomed.db }, act, h.clock.now()).catch(() => {});
      await b.log.owner.pool.query("select pg_sleep($1)", [turn / 400]);
      await b.log.owner.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed' and datname = current_database()",
      );
      await round;
    }
    await doomed.close();
    await b.erase();
    expect(
      await rowsIn("entry_batch where class = 'routine' and $1 = any(apps)", [shop.appId]),
    ).toBe(0);
    const told = await lastAct();
    expect(told["batches"]).toBe(await rowsIn("log_leaf where erased_by = $1", [act.number]));
    expect(due).toBeGreaterThan(0);
    await b.settle();
    const [counted, anew] = await counts();
    expect(counted).toEqual(anew);
  });

  test("of several at once is carried out by one, and everything is taken once", async () => {
    for (let turn = 0; turn < 3; turn++) await live();
    h.clock.advance(31 * DAY_MS);
    await b.settle();
    const carriedOut = async () =>
      (await h.entries()).filter(({ action }) => action === "retention.carried-out").length;
    const before = await carriedOut();
    await eraseDue(b.given, () => true);
    const begun = await openAct(b.given.db);
    if (begun === null) throw new Error("an act was begun");
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let turn = 0; turn < 4; turn++)
          await eraseSome({ ...h.services, db: b.given.db }, begun, h.clock.now());
      }),
    );
    await b.erase();
    expect((await carriedOut()) - before).toBe(1);
    const act = await lastAct();
    expect(act["batches"]).toBe(await rowsIn("log_leaf where erased_by = $1", [act["act"]]));
    await b.settle();
    const [counted, anew] = await counts();
    expect(counted).toEqual(anew);
  });

  test("whose page cannot be written takes nothing", async () => {
    await live();
    h.clock.advance(401 * DAY_MS);
    await b.settle();
    const ledger = { ...b.given.ledger, add: () => Promise.reject(new Error("no folder")) };
    await expect(eraseDue({ ...b.given, ledger })).rejects.toThrow("no folder");
    expect(await openAct(b.given.db)).toBeNull();
    expect(await b.tablesWith(shopBrowser())).toContain("entry_batch");
  });
});
