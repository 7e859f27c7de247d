import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { createKeyRing } from "../../platform/crypto/key-ring.ts";
import { encode, entryId, macInput, parseEntryId, sealBatch, verifyBatch } from "./batch.ts";
import { decodeEntries } from "./entry-codec.ts";
import type { Entry } from "./entry.ts";

const keyRing = createKeyRing({ current: randomBytes(32), previous: [] });
const key = { day: "2026-03-01", writer: 7, number: 1234 };
const ACCOUNT = "0196c0de-0000-7000-8000-0000000000aa";
const APP = "0196c0de-0000-7000-8000-0000000000bb";
const OTHER_APP = "0196c0de-0000-7000-8000-0000000000cc";

describe("an entry's id", () => {
  test("names day, writer, number and position, and is read back", () => {
    expect(entryId(key, 3)).toBe("20260301-7-1234-3");
    expect(parseEntryId("20260301-7-1234-3")).toEqual({ ...key, position: 3 });
  });

  test.each([
    "",
    "20260301-7-1234",
    "20260301-0-1234-0",
    "20260301-07-1-0",
    "20260230-7-1-0",
    "20260301-7-1-0-0",
    "20260301-7-1234-01",
    "99999999-7-1-0",
    "20260301-7-9999999999999999-0",
    " 20260301-7-1-0",
    "20260301-7-1-0\n",
  ])("%j is none", (id) => expect(parseEntryId(id)).toBeNull());
});

describe("a batch's MAC", () => {
  const row = sealBatch(keyRing, key, {
    at: new Date("2026-03-01T12:00:00.123Z"),
    entries: [encode(anEntry({ appId: APP }))],
  });

  test("holds for the row as it was written, and for nothing else", () => {
    expect(verifyBatch(keyRing, row)).toBe(true);
    const altered = [
      { day: "2026-03-02" },
      { writer: 8 },
      { number: 1235 },
      { class: "routine" as const },
      { at: new Date(row.at.getTime() + 1) },
      { count: 2 },
      { organisations: [ACCOUNT] },
      { accounts: [ACCOUNT] },
      { apps: [] },
      { credentials: ["x"] },
      { payload: Buffer.concat([row.payload, Buffer.from(" ")]) },
      { macKeyId: "00000000" },
      { mac: randomBytes(32) },
    ];
    for (const change of altered) expect(verifyBatch(keyRing, { ...row, ...change })).toBe(false);
    expect(verifyBatch(createKeyRing({ current: randomBytes(32), previous: [] }), row)).toBe(false);
  });

  test("is checked with a previous key too", () => {
    const old = randomBytes(32);
    const written = sealBatch(createKeyRing({ current: old, previous: [] }), key, {
      at: new Date(),
      entries: [],
    });
    expect(verifyBatch(createKeyRing({ current: randomBytes(32), previous: [old] }), written)).toBe(
      true,
    );
  });

  test("two rows whose lists differ never share its input, whatever the lists hold", () => {
    const list = fc.array(fc.stringMatching(/^[,|:"a]{0,3}$/), { maxLength: 3 });
    fc.assert(
      fc.property(list, list, (first, second) => {
        fc.pre(JSON.stringify(first) !== JSON.stringify(second));
        expect(macInput({ ...row, credentials: first })).not.toEqual(
          macInput({ ...row, credentials: second }),
        );
      }),
    );
  });
});

describe("what a batch lists", () => {
  test("apps among the targets stand beside the entry's own", () => {
    const row = sealBatch(keyRing, key, {
      at: new Date(),
      entries: [
        encode(
          anEntry({
            appId: APP.toUpperCase(),
            targets: [
              { type: "app", id: OTHER_APP },
              { type: "account", id: ACCOUNT, accountId: ACCOUNT.toUpperCase() },
            ],
          }),
        ),
      ],
    });
    expect([row.apps, row.accounts]).toEqual([[APP, OTHER_APP], [ACCOUNT]]);
  });

  test("holds only what PostgreSQL takes; the text holds the rest", () => {
    const odd: Entry = anEntry({
      appId: "no uuid",
      organisationId: "\0",
      actor: { kind: "reported", accountId: "customer-7", credentialId: "a\0b\ud800" },
      targets: [{ type: "app", id: "' or 1=1" }],
    });
    const row = sealBatch(keyRing, key, { at: new Date(), entries: [encode(odd)] });
    expect([row.apps, row.accounts, row.organisations]).toEqual([[], [], []]);
    expect(row.credentials).toEqual(["a\uFFFDb\uFFFD"]);
    expect(decodeEntries(row.payload)[0]?.actor).toEqual(odd.actor);
  });
});

describe("odd text", () => {
  let database: TestDatabase;
  let bench: RecordBench;
  beforeAll(async () => {
    database = await cloneTemplate();
    bench = await startRecorder(database.runtimeUrl);
  });
  afterAll(async () => {
    await bench.close();
    await database.drop();
  });

  test("NUL bytes, half surrogate pairs, line breaks in any field still give a valid entry, beside others", async () => {
    const odd = "a\0b\ud800c\n\r\u2028\u{1F6AA}";
    const strange = anEntry({
      reason: odd,
      userAgent: odd,
      address: odd,
      requestId: odd,
      reportedAction: odd,
      actor: { kind: "reported", accountId: odd, credentialId: odd },
      organisationId: odd,
      appId: odd,
      targets: [{ type: odd, id: odd, accountId: odd }],
      change: { before: { [odd]: odd }, after: [odd] },
    });
    const submitted = await Promise.all([
      bench.recorder.submit(strange),
      bench.recorder.submit(anEntry({ requestId: "neighbour" })),
    ]);
    const found = await bench.found();
    expect(submitted.map(({ entryId: id }) => found.get(id)?.requestId)).toEqual([
      odd,
      "neighbour",
    ]);
    const { at: _at, appId: _appId, organisationId: _organisationId, ...rest } = strange;
    expect(found.get(submitted[0].entryId)).toMatchObject(rest);
  });

  test("any text comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 50 }), async (text) => {
        const { entryId: id } = await bench.recorder.submit(
          anEntry({
            userAgent: text,
            actor: { kind: "reported", accountId: null, credentialId: text },
          }),
        );
        const entry = (await bench.found()).get(id);
        expect([entry?.userAgent, entry?.actor.credentialId]).toEqual([text, text]);
      }),
      { numRuns: 25 },
    );
  });

  test.each(["a,b", "null", "NULL", "", "{}", '"', "\\", "a b", " ", "a'b"])(
    "%j as a credential is listed as it is",
    async (credentialId) => {
      const actor = { kind: "reported", accountId: null, credentialId } as const;
      await bench.recorder.submit(anEntry({ actor }));
      const batch = (await bench.batches()).at(-1);
      expect(batch?.credentials).toEqual([credentialId]);
      expect(batch !== undefined && verifyBatch(bench.keyRing, batch)).toBe(true);
    },
  );

  test("a change deeper than the stack, or longer than 32 KiB, says that it was too large", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    for (const after of [deep, "x".repeat(40_000)]) {
      const { payload } = sealBatch(keyRing, key, {
        at: new Date(),
        entries: [encode(anEntry({ change: { after } }))],
      });
      expect(decodeEntries(payload)[0]?.change).toMatchObject({ tooLarge: true });
    }
  });

  test.each([
    "update entry_batch set count = 0",
    "delete from entry_batch",
    "truncate entry_batch",
    "update filed_entry set outcome = 'done'",
    "delete from filed_entry",
    "truncate filed_entry",
  ])("the runtime role may not: %s", async (statement) => {
    await expect(bench.sql.query(statement)).rejects.toThrow("permission denied");
  });
});
