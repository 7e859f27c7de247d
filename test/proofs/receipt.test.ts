import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proofCrypto } from "../../cli/proof-crypto.ts";
import { fromBase64, toBase64, toHex } from "../../src/contract/proofs/bytes.ts";
import { formatVerifierKey } from "../../src/contract/proofs/note.ts";
import { encodeReceipt, parseReceipt } from "../../src/contract/proofs/receipt.ts";
import { verifyReceipt, type ReceiptToVerify } from "../../src/contract/proofs/verify-receipt.ts";
import { LogFault } from "../../src/contract/proofs/verify-log.ts";
import type { EntryProof } from "../../src/contract/record/proofs.ts";
import { macInput, parseEntryId } from "../../src/record/entries/batch.ts";
import { entryPromiser, type Promiser } from "../../src/record/proofs/promise-entry.ts";
import { readBatches } from "../../src/record/search/batch-queries.ts";
import { insertApp, insertKey } from "../builders/gateways.ts";
import { startLog, type LogBench } from "../builders/log.ts";
import { addPerson, type Person } from "../builders/people.ts";
import { cosign, newWitness } from "../builders/witness.ts";
import { startHarness, type Harness } from "../harness.ts";
import { runToEnd } from "../support/run-to-end.ts";

let h: Harness;
let log: LogBench;
let person: Person;
let promise: Promiser;
let folder: string;
beforeAll(async () => {
  h = await startHarness({ isFiling: false, promiser: () => (id) => promise(id) });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  promise = entryPromiser(h.services, log.services.signer);
  person = await addPerson(h);
  folder = await mkdtemp(join(tmpdir(), "sallyport-receipt-"));
  await log.catchUp();
});
afterAll(async () => {
  await log.close();
  await h.stop();
  await rm(folder, { recursive: true });
});

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");

/** Does something and keeps the receipt of it. */
async function promised(
  displayName = "Ann",
): Promise<{ id: string; receipt: string; atMs: number }> {
  const { headers } = await h.call("PATCH", "/v1/account", {
    as: { ...person.headers, "audit-receipt": "please" },
    body: { displayName },
  });
  const receipt = String(headers["audit-receipt"]);
  return {
    id: String(headers["audit-id"]),
    receipt,
    atMs: parseReceipt(receipt)?.receipt.atMs ?? 0,
  };
}

const proofOf = async (id: string): Promise<EntryProof> =>
  (await h.call("GET", `/v1/audit/entries/${id}/proof`, { as: person.headers })).body;

const check = async (given: Partial<ReceiptToVerify> & { receipt: string }) =>
  await verifyReceipt(proofCrypto, { keys: [key()], nowMs: Date.now(), ...given }).catch(
    (error: unknown) => {
      if (error instanceof LogFault) return { fault: error.message };
      throw error;
    },
  );

const published = async (): Promise<string> =>
  (await h.app.inject({ method: "GET", url: "/audit/checkpoint" })).body;

/** Rewrites a batch as somebody does who has both the database and the secret key: its MAC fits again. */
async function forge(id: string, from: string, to: string): Promise<void> {
  const place = parseEntryId(id);
  const [batch] = await readBatches(h.db, place === null ? [] : [place]);
  if (batch === undefined) throw new Error("no batch");
  const payload = Buffer.from(batch.payload.toString().replace(from, to));
  const { mac } = h.services.keyRing.mac("record-mac", macInput({ ...batch, payload }));
  await log.owner.pool.query(
    "update entry_batch set payload = $1, mac = $2 where writer = $3 and number = $4",
    [payload, mac, batch.writer, batch.number],
  );
}

test("a receipt is the bytes that docs/proofs.md says", () => {
  const message = encodeReceipt({
    origin: "a/1",
    entry: "20260301-7-8-0",
    headHash: new Uint8Array(32).fill(1),
    saltHash: new Uint8Array(32).fill(2),
    content: new Uint8Array(32).fill(3),
    atMs: 0x0102030405,
  });
  expect(toHex(message)).toBe(
    [
      "73616c6c79706f72742d726563656970742f763100",
      "0003612f31",
      "000e32303236303330312d372d382d30",
      "01".repeat(32),
      "02".repeat(32),
      "03".repeat(32),
      "0000000102030405",
    ].join(""),
  );
});

describe("whoever asks for a receipt", () => {
  test("gets a promise that the entry's proof later shows to be kept, word for word", async () => {
    const { id, receipt, atMs } = await promised();
    await log.catchUp();
    const proof = await proofOf(id);
    expect(await check({ receipt, proof })).toMatchObject({
      origin: "sec.example.test/audit/1",
      entry: id,
      dueAtMs: atMs + 60_000,
      verdict: "kept",
      content: "same",
      inLogByMs: null,
    });
  });

  test("gets it for reads, refusals and decisions, by the same name as the entry", async () => {
    const app = await insertApp(h);
    const gateway = await insertKey(h, app, { role: "gateway" });
    const replies = [
      await h.call("GET", "/v1/account", { as: { ...person.headers, "audit-receipt": "please" } }),
      await h.call("GET", "/v1/account", { as: { "audit-receipt": "please" } }),
      await h.call("POST", "/v1/decisions", {
        as: { ...gateway.headers, "audit-receipt": "please" },
        body: { credential: "none", action: "orders:read", appId: app.appId, address: "::1" },
      }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 401, 200]);
    for (const { headers } of replies)
      expect(parseReceipt(String(headers["audit-receipt"]))?.receipt.entry).toBe(
        headers["audit-id"],
      );
  });

  // Attack: whoever may knock at a gateway makes each of its questions cost a look at the database more.
  test("but not through a gateway, which would bring it to nobody", async () => {
    const app = await insertApp(h);
    const gateway = await insertKey(h, app, { role: "gateway" });
    const { headers } = await h.call("GET", `/v1/forward-auth?app=${app.appId}&action=app:read`, {
      as: {
        authorization: "Bearer none",
        "x-sallyport-gateway": gateway.text,
        "x-original-method": "GET",
        "x-original-uri": "/",
        "x-real-ip": "192.0.2.7",
        "audit-receipt": "please",
      },
    });
    expect(headers).toHaveProperty("audit-id");
    expect(headers).not.toHaveProperty("audit-receipt");
  });

  test("and nobody else", async () => {
    for (const headers of [{}, { "audit-receipt": "yes" }] as Record<string, string>[]) {
      const reply = await h.call("GET", "/v1/account", { as: { ...person.headers, ...headers } });
      expect(reply.headers).not.toHaveProperty("audit-receipt");
    }
  });

  test("gets none for what was altered before it could be promised", async () => {
    const { id } = await promised();
    await log.owner.pool.query(
      "update entry_batch set payload = payload || '\\x0a'::bytea where number = $1",
      [id.split("-")[2]],
    );
    expect(await promise(id)).toBeNull();
  });
});

// Attack: the operator, with the database and every key, tells the log something else than the client was told.
describe("a promise is shown to be broken when the log holds", () => {
  test("another text under that id", async () => {
    const { id, receipt } = await promised("Ann before");
    await forge(id, "Ann before", "Ann after");
    await log.catchUp();
    expect(await check({ receipt, proof: await proofOf(id) })).toMatchObject({
      verdict: "broken",
      why: "The entry in the log does not say what was promised.",
    });
  });

  test("another batch under that id", async () => {
    const { id, receipt } = await promised();
    await log.owner.pool.query(
      "update entry_batch set at = at - interval '1 day' where number = $1",
      [id.split("-")[2]],
    );
    await forge(id, "no text", "no text");
    await log.catchUp();
    expect(await check({ receipt, proof: await proofOf(id) })).toMatchObject({
      verdict: "broken",
      why: "Its batch is not the one that was promised.",
    });
  });

  test("the entry later than 60 s, by a witness's time", async () => {
    const witness = newWitness();
    const { id, receipt, atMs } = await promised();
    const before = await published();
    await log.catchUp();
    const proof = await proofOf(id);
    const seen = async (checkpoint: string) =>
      await check({ receipt, proof, checkpoint, witnesses: witness.policy });
    expect(await seen(cosign(witness, before, atMs + 62_000))).toMatchObject({
      verdict: "broken",
      why: expect.stringContaining("It came too late"),
    });
    expect(await seen(cosign(witness, before, atMs + 58_000))).toMatchObject({
      verdict: "kept",
      inLogByMs: null,
    });
    expect(await seen(cosign(witness, await published(), atMs + 30_000))).toMatchObject({
      verdict: "kept",
      inLogByMs: Math.floor((atMs + 30_000) / 1000) * 1000,
    });
    // Whom nobody asked about says nothing.
    const other = cosign(newWitness(), before, atMs + 62_000);
    expect(await seen(other)).toMatchObject({ verdict: "kept" });
  });
});

test("a proof that opens with another salt shows no broken promise", async () => {
  const { id, receipt } = await promised();
  await log.catchUp();
  const proof = await proofOf(id);
  expect(
    await check({ receipt, proof: { ...proof, receiptSalts: [toBase64(new Uint8Array(32))] } }),
  ).toMatchObject({ verdict: "kept", content: "not-shown" });
});

test("what is due and not shown is owed, by the clock or by a witness's", async () => {
  const witness = newWitness();
  const { receipt, atMs } = await promised();
  expect(await check({ receipt, nowMs: atMs + 60_000 })).toMatchObject({ verdict: "not-due" });
  expect(await check({ receipt, nowMs: atMs + 60_001 })).toMatchObject({ verdict: "owed" });
  const checkpoint = cosign(witness, await published(), atMs + 61_000);
  expect(
    await check({ receipt, checkpoint, witnesses: witness.policy, nowMs: atMs }),
  ).toMatchObject({ verdict: "owed" });
});

describe("a receipt that is not the log's", () => {
  test("whatever byte of it was changed, shows nothing", async () => {
    const { receipt } = await promised();
    const bytes = fromBase64(receipt) ?? new Uint8Array();
    for (let at = 0; at < bytes.length; at += 5) {
      const forged = bytes.with(at, (bytes[at] ?? 0) ^ 1);
      expect(await check({ receipt: toBase64(forged) }), String(at)).toHaveProperty("fault");
    }
    expect(await check({ receipt: toBase64(bytes.subarray(0, -1)) })).toHaveProperty("fault");
  });

  test("or of another entry, another log or nobody's key, shows nothing", async () => {
    const { receipt } = await promised();
    const { id } = await promised();
    await log.catchUp();
    const proof = await proofOf(id);
    expect(await check({ receipt, proof })).toEqual({ fault: expect.stringContaining(id) });
    const other = log.services.signer.verifierKey("other.example.test/audit/1");
    expect(await check({ receipt, keys: [other] })).toEqual({
      fault: "No key of sec.example.test/audit/1 was given.",
    });
  });
});

test("verify-receipt says it on the command line, and by its exit code", async () => {
  const { id, receipt } = await promised();
  const files = { receipt: join(folder, "receipt"), proof: join(folder, "proof.json") };
  await writeFile(files.receipt, `${receipt}\n`);
  const vkey = formatVerifierKey(key());
  const run = (...args: string[]) =>
    runToEnd({}, ["cli/main.ts", "verify-receipt", files.receipt, "--key", vkey, ...args]);
  await writeFile(files.proof, JSON.stringify(await proofOf(id)));
  const early = await run("--proof", files.proof);
  expect([early.code, early.output]).toEqual([2, expect.stringContaining("not-proven-yet")]);
  await log.catchUp();
  await writeFile(files.proof, JSON.stringify(await proofOf(id)));
  const kept = await run("--proof", files.proof, "--json");
  expect([kept.code, kept.errors]).toEqual([0, ""]);
  expect(JSON.parse(kept.output)).toMatchObject({ ok: true, verdict: "kept", content: "same" });
});
