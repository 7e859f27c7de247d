import { createPublicKey, hash, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, type OwnedApp } from "../../../test/builders/access.ts";
import { DAY_MS, startErasing, type EraserBench } from "../../../test/builders/erasing.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { concat, fromHex } from "../../contract/proofs/bytes.ts";
import { verifyEntry } from "../../contract/proofs/verify-entry.ts";
import type { ProofCrypto } from "../../contract/proofs/verify-log.ts";
import type { EntryProof } from "../../contract/record/proofs.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { verifyBatch, type BatchRow } from "../entries/batch.ts";

const crypto: ProofCrypto = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  isSigned: async (publicKey, message, signature) => {
    const spki = Buffer.from(concat(fromHex("302a300506032b6570032100") ?? publicKey, publicKey));
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    return verify(null, message, key, signature);
  },
};

/** Stands in what the person leaves on record, and nowhere else. */
const [OWN_BROWSER, OWN_ADDRESS, OWN_NAME] = ["Zanzibar/7.1", "203.0.113.77", "Zoltan Zsigmond"];
const [GUEST_BROWSER, GUEST_ADDRESS] = ["Quokka/2.2", "203.0.113.88"];

let h: Harness;
let b: EraserBench;
let person: Person;
let other: Person;
let theirs: OwnedApp;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  b = await startErasing(h);
  person = await addPerson(h);
  other = await addPerson(h, { displayName: "Olga Other" });
  theirs = await addApp(h, { owner: other, name: "Theirs" });
  await addGrant(h, { appId: theirs.appId, role: "admin", person });
  await live();
  await b.settle();
});
afterAll(async () => {
  await b.close();
  await h.stop();
});

const as = ({ headers }: Person, browser: string): Headers => ({
  ...headers,
  "user-agent": browser,
});

/** What is on record of both: of the person in their own log, and in another's. */
async function live(): Promise<void> {
  const own = { as: as(person, OWN_BROWSER), from: OWN_ADDRESS };
  await h.call("PATCH", "/v1/account", { ...own, body: { displayName: OWN_NAME } });
  await h.call("PATCH", "/v1/account", { ...own, body: { displayName: "Robin Example" } });
  // Batches of both, so that what is erased stands beside what is not.
  for (let turn = 0; turn < 2; turn++)
    await Promise.all(
      Array.from({ length: 5 }, () => [
        h.call("GET", "/v1/account", own),
        h.call("GET", "/v1/account", { as: as(other, "Firefox") }),
        h.call("GET", `/v1/apps/${theirs.appId}`, {
          as: as(person, GUEST_BROWSER),
          from: GUEST_ADDRESS,
        }),
      ]).flat(),
    );
  await h.call("PATCH", `/v1/apps/${theirs.appId}`, {
    as: as(person, GUEST_BROWSER),
    from: GUEST_ADDRESS,
    body: { name: "Theirs, renamed" },
  });
}

/** Those of the words by which entries can be found, and their endings. */
async function wordsOf(...sought: string[]): Promise<string[]> {
  const { rows } = await b.log.owner.pool.query<{ word: string }>(
    `select word from log_word where word = any($1) and exists (
       select from log_word_suffix where word_id = log_word.id and suffix = substr(word, 3))
     union select suffix from log_word_suffix where suffix = any($1) order by 1`,
    [sought],
  );
  return rows.map(({ word }) => word);
}

/** What is due for people, without what is due by its period. */
async function erasePeople(): Promise<void> {
  await b.settle();
  await b.log.owner.pool.query("update log_leaf set look_at = 'infinity'");
  await b.erase();
}

async function ask(): Promise<string> {
  const id = uuidv7(h.clock.now().getTime());
  await h.db
    .insertInto("erasure_request")
    .values({
      id,
      account_id: person.accountId,
      asked_by: person.accountId,
      asked_at: h.clock.now(),
      next_at: new Date(h.clock.now().getTime() + 14 * DAY_MS),
    })
    .execute();
  return id;
}

const again = async ({ accountId }: Person): Promise<Headers> =>
  (await addSession(h, accountId)).headers;

async function proofsOf(of: Person): Promise<Map<string, EntryProof>> {
  const headers = await again(of);
  const { body } = await h.call("GET", "/v1/audit/entries?limit=200", { as: headers });
  const proofs = new Map<string, EntryProof>();
  for (const { id } of body.entries as { id: string }[]) {
    const proof = await h.call("GET", `/v1/audit/entries/${id}/proof`, { as: headers });
    if (proof.status === 200) proofs.set(id, proof.body);
  }
  return proofs;
}

const check = async (proof: EntryProof) =>
  await verifyEntry(crypto, proof, b.log.services.signer.verifierKey("sec.example.test/audit/1"));

async function batches(): Promise<BatchRow[]> {
  const { rows } = await b.log.owner.pool.query<BatchRow & { number: string }>(
    `select day, writer, number, class, at, count, organisations, accounts, apps, credentials, payload, mac,
       mac_key_id as "macKeyId" from entry_batch`,
  );
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

describe("somebody who asked to be forgotten", () => {
  test("is gone from every table once it is old enough; others' entries, and proofs, are what they were", async () => {
    expect(await b.tablesWith(OWN_BROWSER, OWN_ADDRESS, OWN_NAME)).toEqual([
      "entry_batch",
      "entry_tally",
      "filed_entry",
    ]);
    expect(await wordsOf("zanzibar", "zoltan", "zsigmond")).toEqual([
      "zanzibar",
      "zoltan",
      "zsigmond",
    ]);
    const before = await proofsOf(other);
    expect(before.size).toBeGreaterThan(10);
    const request = await ask();
    h.clock.advance(15 * DAY_MS);
    await erasePeople();
    // Too young: whoever had taken the account could wipe what they did in it.
    expect(await b.tablesWith(OWN_BROWSER)).toContain("entry_batch");
    h.clock.advance(76 * DAY_MS);
    await erasePeople();

    expect(await b.tablesWith(OWN_BROWSER, OWN_ADDRESS, OWN_NAME)).toEqual([]);
    expect(await wordsOf("zanzibar", "zoltan", "zsigmond")).toEqual([]);
    // With its endings: what stands in others' entries too has stayed.
    expect(await wordsOf("quokka", "renamed")).toEqual(["quokka", "renamed"]);
    const { body: searched } = await h.call("GET", "/v1/audit/entries?text=zanzibar", {
      as: await again(person),
    });
    expect(searched).toEqual({ entries: [], nextCursor: null });
    const { rows } = await b.log.owner.pool.query(
      "select ended_at is not null as ended from erasure_request where id = $1",
      [request],
    );
    expect(rows).toEqual([{ ended: true }]);
    for (const [id, proof] of await proofsOf(other)) {
      const was = before.get(id);
      if (was === undefined) continue; // written since
      await check(proof);
      before.delete(id);
      // The head of the log has gone on; all else is the same to the byte.
      expect({ ...proof, checkpoint: "", leaf: { ...proof.leaf, path: [] } }).toEqual({
        ...was,
        checkpoint: "",
        leaf: { ...was.leaf, path: [] },
      });
      await check(was);
    }
    expect(before.size).toBe(0);
  });

  test("stays in others' logs until their period ends", async () => {
    expect(await b.tablesWith(GUEST_BROWSER)).toEqual(["entry_batch"]);
    expect(await b.tablesWith(GUEST_ADDRESS)).toContain("filed_entry");
    const { body } = await h.call("GET", "/v1/audit/entries?action=account.renamed", {
      as: await again(person),
    });
    // Under their own name nothing is found any more.
    expect(body.entries).toEqual([]);
  });

  test("leaves batches whose MACs fit, whose salts stand by themselves, and whose seed is gone", async () => {
    for (const batch of await batches()) expect(verifyBatch(h.services.keyRing, batch)).toBe(true);
    const { rows } = await b.log.owner.pool.query<{ seeds: number; openings: number }>(
      `select count(seed)::int as seeds, count(openings)::int as openings from log_leaf where erased_by is not null`,
    );
    expect(rows[0]?.seeds).toBe(0);
    expect(rows[0]?.openings).toBeGreaterThan(3);
  });

  test("the act is an entry that names nobody, and a page of the ledger", async () => {
    const acts = (await h.entries()).filter(({ action }) => action === "erasure.carried-out");
    expect(acts.length).toBe(2);
    expect(acts.at(-1)).toMatchObject({
      actor: { kind: "system", accountId: null },
      targets: [],
      change: { after: { act: 2, isReplay: false, held: 0, altered: 0 } },
    });
    expect(JSON.stringify(acts)).not.toContain(person.accountId);
    expect(await b.given.ledger.numbers()).toEqual([1, 2]);
    expect(await b.given.ledger.read(2)).toMatchObject({
      kind: "person",
      account: person.accountId,
    });
  });
});
