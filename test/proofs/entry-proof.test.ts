import { createPublicKey, hash, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareEntry } from "../../src/contract/proofs/compare-entry.ts";
import { concat, fromHex } from "../../src/contract/proofs/bytes.ts";
import { verifyEntry } from "../../src/contract/proofs/verify-entry.ts";
import { LogFault, type ProofCrypto } from "../../src/contract/proofs/verify-log.ts";
import type { EntryProof } from "../../src/contract/record/proofs.ts";
import { addApp, addGrant, type OwnedApp } from "../builders/access.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { startHarness, type Harness, type Headers } from "../harness.ts";

const crypto: ProofCrypto = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  isSigned: async (publicKey, message, signature) => {
    const spki = Buffer.from(concat(fromHex("302a300506032b6570032100") ?? publicKey, publicKey));
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    return verify(null, message, key, signature);
  },
};

let h: Harness;
let log: LogBench;
let owner: Person;
let guest: Person;
let shop: OwnedApp;
let grantId: string;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  owner = await addPerson(h, { displayName: "Olga Owner" });
  shop = await addApp(h, { owner, name: "Shop" });
  ({ person: guest, grantId } = await addGrant(h, { appId: shop.appId, role: "editor" }));
  for (let turn = 0; turn < 3; turn++)
    await Promise.all(
      Array.from({ length: 20 }, () => h.call("GET", "/v1/account", { as: guest.headers })),
    );
  await h.call("PATCH", `/v1/apps/${shop.appId}`, { as: owner.headers, body: { name: "Store" } });
  await h.call("PATCH", `/v1/apps/${shop.appId}/grants/${grantId}`, {
    as: owner.headers,
    body: { role: "reporter" },
  });
  await log.catchUp();
});
afterAll(async () => {
  await log.close();
  await h.stop();
});

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");

const idsOf = async (as: Headers, query = ""): Promise<string[]> => {
  const { body } = await h.call("GET", `/v1/audit/entries?limit=200${query}`, { as });
  return body.entries.map(({ id }: { id: string }) => id);
};

const proofOf = async (id: string, as: Headers) =>
  await h.call("GET", `/v1/audit/entries/${id}/proof`, { as });

const check = async (proof: EntryProof) =>
  await verifyEntry(crypto, proof, key()).catch((error: unknown) => {
    if (error instanceof LogFault) return { fault: error.message };
    throw error;
  });

const renamed = async (as: Headers): Promise<EntryProof> => {
  const [id = ""] = await idsOf(as, "&action=app.renamed");
  return (await proofOf(id, as)).body;
};

describe("every entry that somebody may read", () => {
  test("is proven by a file that needs nothing else, and says what the entry says", async () => {
    for (const person of [owner, guest]) {
      const ids = await idsOf(person.headers);
      expect(ids.length).toBeGreaterThan(1);
      for (const id of ids) {
        const { status, body } = await proofOf(id, person.headers);
        if (status === 409) continue; // this test's own questions
        expect(status).toBe(200);
        const { body: entry } = await h.call("GET", `/v1/audit/entries/${id}`, {
          as: person.headers,
        });
        const proven = await check(body);
        expect(proven).toMatchObject({ origin: "sec.example.test/audit/1", isAltered: false });
        if ("fault" in proven) throw new Error(proven.fault);
        expect(proven.head.at).toBe(entry.at);
        expect(compareEntry(entry, body.entry, proven).differs).toEqual([]);
        const core = proven.parts.find(({ kind }) => kind === 1);
        if (core !== undefined)
          expect(JSON.parse(core.text)).toMatchObject({
            action: entry.action,
            outcome: entry.outcome,
          });
      }
    }
  });

  test("shows in its proof no more than in the log: the rest stands there as commitments", async () => {
    const [id = ""] = await idsOf(guest.headers, "&action=grant.*");
    const own = await check((await proofOf(id, owner.headers)).body);
    const seen = await check((await proofOf(id, guest.headers)).body);
    if ("fault" in own || "fault" in seen) throw new Error("both proofs hold");
    const textOf = ({ parts }: { parts: { text: string }[] }) =>
      parts.map(({ text }) => text).join();
    expect(textOf(own)).toContain(owner.sessionId);
    expect(textOf(seen)).not.toContain(owner.sessionId);
    expect([own.closed, seen.closed > 0]).toEqual([0, true]);
  });

  test("which is not theirs to read is not proven to them either", async () => {
    const stranger = await addPerson(h);
    const [id = ""] = await idsOf(owner.headers, "&action=app.renamed");
    expect((await proofOf(id, stranger.headers)).status).toBe(404);
    expect((await proofOf("20260301-1-1-0", owner.headers)).status).toBe(404);
    expect((await proofOf("nonsense", owner.headers)).status).toBe(404);
  });

  test("that no checkpoint covers yet is told so, and when to ask again", async () => {
    await h.call("PATCH", `/v1/apps/${shop.appId}`, { as: owner.headers, body: { name: "Shop" } });
    const [id = ""] = await idsOf(owner.headers, "&action=app.renamed");
    const { status, body, headers } = await proofOf(id, owner.headers);
    expect([status, body.code, headers["retry-after"]]).toEqual([409, "not-proven-yet", "2"]);
    await log.catchUp();
    expect((await proofOf(id, owner.headers)).status).toBe(200);
  });
});

describe("a proof that says something else", () => {
  test.each<[string, (proof: EntryProof) => void]>([
    [
      "another text",
      ({ parts }) => {
        const part = parts[0];
        if (part !== undefined && "text" in part)
          part.text = part.text.replace("renamed", "deleted");
      },
    ],
    ["a part less", ({ parts }) => void parts.pop()],
    ["parts in another order", (proof) => void (proof.parts = proof.parts.toReversed())],
    [
      "another place in the batch",
      (proof) => void (proof.entry = proof.entry.replace(/\d+$/, "1")),
    ],
    ["another batch", (proof) => void (proof.entry = proof.entry.replace(/-(\d+)-0$/, "-9$1-0"))],
    ["another time", ({ head }) => void (head.text = head.text.replace(/"at":"2/, '"at":"1'))],
    ["another leaf of the log", ({ leaf }) => void (leaf.index -= 1)],
    ["more entries in the batch", ({ leaf }) => void (leaf.count += 1)],
    ["that it was altered", ({ leaf }) => void (leaf.verdict = 1)],
    [
      "another head of the log",
      (proof) => void (proof.checkpoint = proof.checkpoint.replace("\n", "x\n")),
    ],
    ["nonsense in its path", ({ leaf }) => void leaf.path.fill("AAAA")],
  ])("%s: is refused", async (_name, change) => {
    const proof = await renamed(owner.headers);
    expect(await check(proof)).not.toHaveProperty("fault");
    change(proof);
    expect(await check(proof)).toEqual({ fault: expect.any(String) });
  });
});

test("what was altered on record is not what was signed", async () => {
  const [id = ""] = await idsOf(owner.headers, "&action=app.renamed");
  const [, , number] = id.split("-");
  await log.owner.pool.query(
    "update entry_batch set payload = replace(encode(payload, 'escape'), 'renamed', 'deleted')::bytea where number = $1",
    [number],
  );
  const { status, body } = await proofOf(id, owner.headers);
  expect([status, await check(body)]).toEqual([
    200,
    { fault: "The entry is not the one that was signed." },
  ]);
});

describe("an entry that is told otherwise than it was signed", () => {
  // Attack: answer the page with a friendlier entry, and the proof of the true one.
  test.each([
    ["id", { id: "20260101-1-1-0" }],
    ["time", { at: "2026-01-01T00:00:00.000Z" }],
    ["class", { class: "routine" }],
    ["what", { outcome: "refused" }],
    ["what", { action: "app.read" }],
    ["what", { reason: "asked for" }],
    ["what", { count: 2 }],
    ["app", { app: null }],
    ["request", { requestId: "another" }],
    ["who", { actor: { kind: "session", accountId: "somebody-else" } }],
    ["who", { credential: null }],
    ["from", { address: "203.0.113.9" }],
    ["from", { userAgent: "another" }],
    ["targets", { targets: [] }],
    ["targets", { targets: [{ type: "app", id: "another" }] }],
    ["change", { change: { before: { name: "Shop" }, after: { name: "Other" } } }],
    ["change", { change: undefined }],
  ] as const)("does not pass with another %s: %o", async (field, forged) => {
    const proof = await renamed(owner.headers);
    const { body: told } = await h.call("GET", `/v1/audit/entries/${proof.entry}`, {
      as: owner.headers,
    });
    const proven = await verifyEntry(crypto, proof, key());
    const compare = (entry: object) =>
      compareEntry({ ...told, ...entry }, proof.entry, proven).differs;
    expect(compare({})).toEqual([]);
    expect(compare(forged)).toEqual([field]);
  });

  test("says of a part that its reader may not see whole that it is not covered", async () => {
    const [id = ""] = await idsOf(guest.headers, "&action=grant.*");
    const { body: proof } = await proofOf(id, guest.headers);
    const { body: told } = await h.call("GET", `/v1/audit/entries/${id}`, { as: guest.headers });
    const proven = await verifyEntry(crypto, proof, key());
    expect(compareEntry(told, id, proven)).toEqual({ differs: [], uncovered: ["who"] });
  });
});
