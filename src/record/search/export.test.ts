import { get, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addApp, addGrant } from "../../../test/builders/access.ts";
import { anEntry } from "../../../test/builders/entries.ts";
import { addServiceKey } from "../../../test/builders/keys.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import type { Entry } from "../entries/entry.ts";

let h: Harness;
let owner: Client;
/** Has a log of 50,000 entries, about 60 MB as NDJSON. */
let busy: Person;
const BUSY_ENTRIES = 50_000;
const sockets = new Set<Socket>();

beforeAll(async () => {
  h = await startHarness();
  h.app.server.on("connection", (socket) => sockets.add(socket));
  await h.app.listen({ port: 0 });
  owner = new Client({ connectionString: h.database.ownerUrl });
  await owner.connect();
  busy = await addPerson(h);
  for (let made = 0; made < BUSY_ENTRIES; made += 2_000)
    await Promise.all(
      Array.from({ length: 2_000 }, (_, index) =>
        put(busy, {
          outcome: index % 2 === 0 ? "done" : "refused",
          change: { after: "x".repeat(1_000) },
        }),
      ),
    );
  // Filing reads what was written, in this process: its memory is not an export's.
  await vi.waitFor(
    async () => {
      const { rows } = await owner.query(
        "select (select max(number) from entry_batch) = (select max(tallied_through) from entry_writer) as is_filed",
      );
      expect(rows).toEqual([{ is_filed: true }]);
    },
    { timeout: 60_000, interval: 200 },
  );
}, 120_000);
afterAll(async () => {
  await owner.end();
  await h.stop();
});

const put = async (person: Person, given: Partial<Entry> = {}): Promise<string> => {
  const actor = { kind: "session", accountId: person.accountId, credentialId: "s" } as const;
  const entry = anEntry({ at: h.clock.now(), actor, ...given });
  return (await h.services.recorder.submit(entry)).entryId;
};

/** Over a real connection; nothing is read until the caller does. */
const download = (query: string, headers: Headers): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = h.app.server.address() as AddressInfo;
    get({ port, path: `/v1/audit/export?${query}`, headers, agent: false }, resolve).on(
      "error",
      reject,
    );
  });

/**
 * The same, once the account's exports of before are over: the server learns late that a client went
 * away. One at a time, as a refused download takes no place, but a started one does.
 */
const startedDownload = (query: string, headers: Headers): Promise<IncomingMessage> =>
  vi.waitFor(
    async () => {
      const response = await download(query, headers);
      if (response.statusCode !== 200) response.resume();
      expect(response.statusCode).toBe(200);
      return response;
    },
    { timeout: 30_000, interval: 100 },
  );

const lines = (ndjson: string): { id: string; at: string; error?: { code: string } }[] =>
  ndjson
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Waits until the server waits for the client. */
async function untilStalled(): Promise<number> {
  let written = -1;
  await vi.waitFor(
    () => {
      const now = [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
      const isStalled = now === written && now > 0;
      written = now;
      expect(isStalled).toBe(true);
    },
    { timeout: 10_000, interval: 700 },
  );
  return written;
}

async function pages(headers: Headers, query = ""): Promise<string[]> {
  const ids: string[] = [];
  let cursor = "";
  do {
    const { body } = await h.call("GET", `/v1/audit/entries?limit=200${query}${cursor}`, {
      as: headers,
    });
    for (const entry of body.entries) ids.push(entry.id);
    cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
  } while (cursor !== "");
  return ids;
}

describe("a large export", () => {
  test("holds in memory a page and not the log, and is the same as the pages", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const heapBytes = () => {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    sockets.clear();
    const before = heapBytes();
    const response = await download("format=ndjson", busy.headers);
    const written = await untilStalled();
    expect(written).toBeLessThan(10e6);
    // All of it is more than 50 MB.
    expect(heapBytes() - before).toBeLessThan(40e6);
    const whole = await text(response);
    expect(whole.length).toBeGreaterThan(50e6);
    const rows = lines(whole);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(BUSY_ENTRIES);
    const parts = [
      [rows[3_000]?.at, rows[0]?.at],
      [rows[30_000]?.at, rows[25_000]?.at],
      [rows.at(-1)?.at, rows.at(-3_000)?.at],
    ];
    for (const [from = "", to = ""] of parts) {
      const inPart = rows.filter(({ at }) => at >= from && at < to).map(({ id }) => id);
      expect(inPart.length).toBeGreaterThan(1_000);
      expect(await pages(busy.headers, `&from=${from}&to=${to}`)).toEqual(inPart);
    }
  }, 120_000);

  test("and a page with a filter that fits little look at a bounded part, and find it in the end", async () => {
    const id = await put(busy, { at: h.clock.now(), userAgent: "needle", outcome: "done" });
    await put(busy, { outcome: "refused" });
    const found: string[] = [];
    let asked = 0;
    let cursor = "";
    do {
      const { body } = await h.call("GET", `/v1/audit/entries?limit=5&text=Needle${cursor}`, {
        as: busy.headers,
      });
      for (const entry of body.entries) found.push(entry.id);
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
      asked += 1;
    } while (cursor !== "");
    // The search itself stands in the log too, with what was searched for.
    expect(found.filter((each) => each === id)).toHaveLength(1);
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(100);
  }, 30_000);

  test("stops when its client goes away; two at once are enough for one account", async () => {
    const open = [
      await download("format=ndjson", busy.headers),
      await download("format=csv", busy.headers),
    ];
    const third = await download("format=csv", busy.headers);
    expect([third.statusCode, third.headers["retry-after"]]).toEqual([429, "30"]);
    third.resume();
    for (const response of open) response.destroy();
    const again = await startedDownload("format=csv", busy.headers);
    again.destroy();
  }, 60_000);

  test("that fails on the way says so: NDJSON in its last line, CSV by a broken connection", async () => {
    sockets.clear();
    const broken = [
      await startedDownload("format=ndjson", busy.headers),
      await startedDownload("format=csv", busy.headers),
    ];
    await untilStalled();
    await owner.query("alter table filed_entry rename to filed_entry_away");
    const [ndjson, csv] = await Promise.allSettled(broken.map((response) => text(response)));
    await owner.query("alter table filed_entry_away rename to filed_entry");
    expect(ndjson?.status === "fulfilled" && lines(ndjson.value).at(-1)).toMatchObject({
      error: { code: "internal" },
    });
    expect(csv?.status).toBe("rejected");
  }, 60_000);

  test.each([
    [
      "whose session ends",
      "not-signed-in",
      async (person: Person) => {
        await h.db
          .updateTable("session")
          .set({ ended_at: h.clock.now(), end_reason: "not-me" })
          .where("id", "=", person.sessionId)
          .execute();
      },
    ],
    [
      "of an app that is taken away",
      "forbidden",
      async (person: Person) => {
        await h.db.deleteFrom("access_grant").where("account_id", "=", person.accountId).execute();
      },
    ],
  ])(
    "%s on the way breaks off",
    async (_what, code, revoke) => {
      const { appId } = await addApp(h);
      const { person } = await addGrant(h, { appId, role: "admin" });
      for (let made = 0; made < 10; made++)
        await Promise.all(
          Array.from({ length: 1_000 }, () =>
            put(person, { appId, change: { after: "x".repeat(1_000) } }),
          ),
        );
      sockets.clear();
      const response = await download("format=ndjson", person.headers);
      await untilStalled();
      await revoke(person);
      const rows = lines(await text(response));
      expect(rows.at(-1)).toMatchObject({ error: { code } });
      expect(rows.length).toBeLessThan(10_000);
    },
    30_000,
  );
});

describe("an export", () => {
  test("is on record with its filter before its first byte, as an important entry", async () => {
    const person = await addPerson(h);
    const response = await download(
      "format=ndjson&action=app.*&from=2026-01-01T00:00:00Z",
      person.headers,
    );
    const entry = (await h.entries()).findLast(({ action }) => action === "entry.exported");
    expect(entry).toMatchObject({
      outcome: "done",
      actor: { accountId: person.accountId },
      change: { after: { format: "ndjson", action: "app.*", from: "2026-01-01T00:00:00Z" } },
    });
    expect(await text(response)).toBe("");
    const own = (await h.entries()).filter(
      ({ action, actor }) => action === "entry.exported" && actor.accountId === person.accountId,
    );
    expect(own).toHaveLength(1);
    expect(response.headers).toMatchObject({
      "content-type": "application/x-ndjson",
      "content-disposition": expect.stringMatching(
        /^attachment; filename="sallyport-log-\d{8}T\d{6}Z\.ndjson"$/,
      ),
      "cache-control": "no-store",
    });
  });

  test("takes the filters of the list, and refuses what it refuses", async () => {
    const person = await addPerson(h);
    const id = await put(person, { reason: "forbidden" });
    await put(person, { reason: "not-found" });
    const { text: ndjson } = await h.call(
      "GET",
      "/v1/audit/export?format=ndjson&reason=forbidden",
      {
        as: person.headers,
      },
    );
    expect(lines(ndjson).map((entry) => entry.id)).toEqual([id]);
    for (const query of ["", "format=xml", "format=csv&limit=5", "format=csv&address=here"])
      expect(
        (await h.call("GET", `/v1/audit/export?${query}`, { as: person.headers })).status,
      ).toBe(400);
  });

  test("as CSV has one header, a row each, and runs nothing in a spreadsheet", async () => {
    const person = await addPerson(h, { displayName: '=HYPERLINK("http://example.test")' });
    for (const userAgent of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'a "quoted", one'])
      await put(person, { userAgent, outcome: "done", change: { after: "line\nbreak" } });
    const { text: csv } = await h.call("GET", "/v1/audit/export?format=csv&action=request.made", {
      as: person.headers,
    });
    const [header, ...rows] = csv.trimEnd().split("\r\n");
    expect(header).toBe(
      "id,at,action,outcome,reason,class,actorKind,actorAccountId,actorName,credentialKind,credentialId,address,userAgent,appId,appName,targets,requestId,count,reportedAction,reportedAt,change,erased",
    );
    expect(rows).toHaveLength(6);
    const column = rows.map((row) => /192\.0\.2\.7,((?:"(?:[^"]|"")*")|[^,]*)/.exec(row)?.[1]);
    expect(column).toEqual(['"a ""quoted"", one"', "'\t=1", "'@SUM(A1)", "'-1", "'+1", "'=1+1"]);
    expect(rows[0]).toContain(`"'=HYPERLINK(""http://example.test"")"`);
    expect(rows[0]).toContain(String.raw`"{""after"":""line\nbreak""}"`);
  });

  test("by a service account's key holds its own acts, and its app's where its role may audit", async () => {
    const app = await addApp(h);
    await put(app.owner, { appId: app.appId, requestId: "by-owner" });
    const [plain, auditor] = [
      await addServiceKey(h, { app, role: "editor" }),
      await addServiceKey(h, { app, role: "admin" }),
    ];
    const exported = async ({ headers }: { headers: Headers }) =>
      (await h.call("GET", "/v1/audit/export?format=ndjson", { as: headers })).text;
    expect(await exported(plain)).not.toContain("by-owner");
    expect(await exported(auditor)).toContain("by-owner");
  });
});
