import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { anEntry } from "../../../test/builders/entries.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import type { Entry } from "../entries/entry.ts";
import { fileRound } from "./file-round.ts";

/*
 * Searches far back: what is looked for stands behind more entries than are gone through, so that it is found by
 * its terms or not at all.
 */

const SINCE = 1_500;
const STEP_MS = 40 * 60_000;

let h: Harness;
let owner: Person;
let shop: OwnedApp;
let other: OwnedApp;
/** Needles by name, oldest first. */
const ids = new Map<string, string>();

const TOUCHED = "0196c0de-0000-7000-8000-0000000000aa";

const needles = {
  touched: { targets: [{ type: "grant", id: "grant-1", accountId: TOUCHED }] },
  created: {
    action: "key.created",
    outcome: "done",
    targets: [{ type: "key", id: "KeyOf12Chars" }],
  },
  failed: { action: "role.changed", outcome: "failed", reason: "internal" },
  v6: { address: "2001:db8:7::7" },
  v4: { address: "198.51.100.200" },
  request: { requestId: "Rq7-zzz-0001" },
  percent: { userAgent: "100%_sure 'quoted' \"double\" back\\slash" },
  unicode: { change: { after: { name: "Straße der Ünicorns" } } },
  hebrew: { change: { after: { name: "שלום עולם" } } },
  japanese: { userAgent: "監査ログ" },
  phrase: { change: { after: { note: "alpha beta" } } },
  opaque: { change: { after: { print: "a1b2c3d4e5f6a7b8" } } },
} as const satisfies Record<string, Partial<Entry>>;

beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  owner = await addPerson(h);
  shop = await addApp(h, { owner });
  other = await addApp(h);
  const by: Entry["actor"] = {
    kind: "session",
    accountId: owner.accountId,
    credentialId: owner.sessionId,
  };
  const put = async (given: Partial<Entry>): Promise<string> =>
    (
      await h.services.recorder.submit(
        anEntry({ at: h.clock.now(), appId: shop.appId, actor: by, ...given }),
      )
    ).entryId;
  for (const [name, given] of Object.entries(needles)) {
    h.clock.advance(STEP_MS);
    ids.set(name, await put(given));
  }
  // Of somebody else, with everything that is common here.
  ids.set(
    "others",
    await put({
      ...needles.failed,
      appId: other.appId,
      actor: { ...by, accountId: other.owner.accountId },
    }),
  );
  for (let turn = 0; turn < SINCE; turn += 50) {
    h.clock.advance(STEP_MS);
    await Promise.all(
      Array.from({ length: 50 }, () =>
        put({ userAgent: "beta alpha straße 100", address: "203.0.113.9", action: "app.read" }),
      ),
    );
  }
  // Sessions of before have ended.
  for (const person of [owner, other.owner])
    person.headers = (await addSession(h, person.accountId)).headers;
  while ((await fileRound(h.services, { withBad: false, withEnds: false })).hasMore);
}, 60_000);
afterAll(() => h.stop());

/** All that is found, by name; a busy machine answers in shorter pages. */
async function search(query: string, as: Person = owner): Promise<string[]> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const found: string[] = [];
  for (let cursor = ""; ;) {
    const url = `/v1/audit/entries?class=important&limit=20&${query}${cursor}`;
    const { status, body } = await h.call("GET", url, { as: as.headers });
    expect(status, JSON.stringify(body)).toBe(200);
    found.push(...body.entries.map(({ id }: { id: string }) => names.get(id) ?? id));
    if (body.nextCursor === null) return found;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

const byText = (text: string): Promise<string[]> => search(`text=${encodeURIComponent(text)}`);

describe("found behind many others", () => {
  test.each([
    ["action=key.created", ["created"]],
    ["action=key.*", ["created"]],
    ["action=role.changed&outcome=failed", ["failed"]],
    ["outcome=failed", ["failed"]],
    ["reason=internal", ["failed"]],
    ["credential=KeyOf12Chars", ["created"]],
    ["address=2001:db8:7::/48", ["v6"]],
    ["address=2001:db8::/40", ["v6"]],
    ["address=198.51.100.200", ["v4"]],
    ["address=198.51.0.0/17", ["v4"]],
    ["address=192.0.0.0/3&action=role.*,key.*", ["failed", "created"]],
    ["requestId=Rq7-zzz-0001", ["request"]],
    ["action=key.created&outcome=failed", []],
    ["credential=nobodys-key", []],
    ["address=192.0.2.9", []],
  ])("%s", async (query, expected) => {
    expect(await search(query)).toEqual(expected);
  });

  test("a person: who did it, and whom it was done to", async () => {
    const [did, wasDoneTo] = ["actor", "person"].map((name) => `${name}=${TOUCHED.toUpperCase()}`);
    expect(await search(did ?? "")).toEqual([]);
    expect(await search(wasDoneTo ?? "")).toEqual(["touched"]);
    expect(await search(`person=${owner.accountId}&action=role.*`)).toEqual(["failed"]);
    expect(await search(`person=${other.owner.accountId}`)).toEqual([]);
  });

  test("its id, in whole and as text", async () => {
    expect(await byText(ids.get("v4") ?? "")).toEqual(["v4"]);
    expect(await byText("Rq7-ZZZ-0001")).toEqual(["request"]);
    expect(await byText("rq7-zzz")).toEqual([]);
  });

  test("page by page, each entry once", async () => {
    const found: string[] = [];
    let cursor = "";
    for (;;) {
      const { body } = await h.call(
        "GET",
        `/v1/audit/entries?class=important&limit=170&text=alpha&outcome=refused&address=203.0.113.0/24${cursor}`,
        { as: owner.headers },
      );
      found.push(...body.entries.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect([found.length, new Set(found).size]).toEqual([SINCE, SINCE]);
  });
});

describe("text is taken as it is typed", () => {
  test.each([
    ["100%_sure", ["percent"]],
    ["'quoted'", ["percent"]],
    ['\\"double\\"', []],
    ['"double"', ["percent"]],
    ["back\\slash", ["percent"]],
    ["STRASSE DER", []],
    ["straße der ü", ["unicode"]],
    ["traße der Ünic", ["unicode"]],
    ["U\u0308nicorns", ["unicode"]],
    ["שלום", ["hebrew"]],
    ["ום עו", ["hebrew"]],
    ["עולם שלום", []],
    ["査ロ", ["japanese"]],
    ["ログ監", []],
    ["alpha beta", ["phrase"]],
    ["pha bet", ["phrase"]],
    ["a1b2c3d4e5f6a7b8", ["opaque"]],
    ["b2c3d4e5f6a7", []],
    ["key.created", ["created"]],
    ["y.cre", ["created"]],
    ["nowhere", []],
  ])("%s", async (text, expected) => {
    expect(await byText(text)).toEqual(expected);
  });
});

test("an ending of a word is there as often as the word: filed twice is counted once", async () => {
  const { rows } = await sql<{ word: string; entries: string; endings: string }>`
    select word, entries, (select count(*) from log_word_suffix where word_id = log_word.id) as endings
    from log_word where word in ('alpha', 'ünicorns') order by word`.execute(h.db);
  expect(rows).toEqual([
    { word: "alpha", entries: String(SINCE + 1), endings: "5" },
    { word: "ünicorns", entries: "1", endings: "8" },
  ]);
});
