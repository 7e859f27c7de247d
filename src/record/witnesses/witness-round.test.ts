import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pino } from "pino";
import { addBatches, startLog, type LogBench } from "../../../test/builders/log.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startWitness, type TestWitness } from "../../../test/support/witness.ts";
import { checkWitnesses } from "../../contract/proofs/cosignatures.ts";
import { parseCheckpoint } from "../../contract/proofs/checkpoint.ts";
import { parseNote } from "../../contract/proofs/note.ts";
import { parsePolicy, type WitnessPolicy } from "../../contract/proofs/policy.ts";
import { proofCrypto } from "../../platform/crypto/proof-crypto.ts";
import { logLag } from "../sequencer/log-lag.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { WitnessPatience } from "./witness-patience.ts";
import { witnessRound } from "./witness-round.ts";

let h: Harness;
let log: LogBench;
let witnesses: TestWitness[];
let nowMs: number;
let patience: WitnessPatience;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  witnesses = await Promise.all(["ann", "bob", "cas"].map(startWitness));
});
afterAll(async () => {
  await Promise.all(witnesses.map(async (witness) => await witness.stop()));
  await log.close();
  await h.stop();
});
beforeEach(() => {
  nowMs = 0;
  patience = new WitnessPatience(() => nowMs);
  log.services.needsWitnesses = true;
});
afterEach(() => {
  for (const witness of witnesses) {
    witness.answer = null;
    witness.asked = [];
  }
});

const policyOf = (quorum: string): WitnessPolicy =>
  parsePolicy(
    sha256,
    [...witnesses.map(({ line }) => line), "group two 2 ann bob cas", `quorum ${quorum}`].join(
      "\n",
    ),
  );

const round = async (quorum = "two") =>
  await witnessRound(
    { db: log.owner.db, log: pino({ level: "silent" }), policy: policyOf(quorum) },
    patience,
  );

async function grow(count = 3): Promise<void> {
  await addBatches(log.owner, h.services.keyRing, { count });
  await log.catchUp();
}

/** What anybody is shown. */
async function shown() {
  const { body, statusCode } = await h.app.inject({ method: "GET", url: "/audit/checkpoint" });
  if (statusCode !== 200) return { size: 0, by: [] };
  const { signed } = await checkWitnesses(proofCrypto, body, policyOf("two"));
  const { size } = parseCheckpoint(parseNote(body)?.text ?? "") ?? { size: 0 };
  return { size, by: signed.map(({ name }) => name) };
}

async function faults(): Promise<Record<string, string | null>> {
  const { rows } = await log.owner.pool.query<{ name: string; fault: string | null }>(
    "select name, fault from log_witness",
  );
  return Object.fromEntries(rows.map(({ name, fault }) => [name, fault]));
}

const refuses: TestWitness["answer"] = (reply) => reply.writeHead(500).end();

describe("with a quorum", () => {
  test("nothing new is shown before as many have signed as the policy wants", async () => {
    const [ann, bob, cas] = witnesses as [TestWitness, TestWitness, TestWitness];
    await grow();
    expect(await shown()).toEqual({ size: 0, by: [] });
    ann.answer = bob.answer = refuses;
    await round();
    expect(await shown()).toEqual({ size: 0, by: [] });
    expect((await h.app.inject({ method: "GET", url: "/audit/tile/0/000.p/3" })).statusCode).toBe(
      404,
    );
    ann.answer = null;
    nowMs += 2_000;
    await round();
    expect(await shown()).toEqual({ size: 3, by: ["ann", "cas"] });
    expect((await h.app.inject({ method: "GET", url: "/audit/tile/0/000.p/3" })).statusCode).toBe(
      200,
    );
    bob.answer = null;
    nowMs += 4_000;
    await round();
    expect(await shown()).toEqual({ size: 3, by: ["ann", "bob", "cas"] });
    expect(cas.asked).toHaveLength(1);
  });

  test("each is asked to go on from what it signed last", async () => {
    await grow();
    await round();
    const { size } = await shown();
    await grow(300);
    await round();
    expect(await shown()).toMatchObject({ size: size + 300 });
    const [body] = (witnesses[0]?.asked ?? []).slice(-1);
    expect(body).toMatch(new RegExp(`^old ${size}\n(?:[A-Za-z0-9+/]{43}=\n){1,63}\n`));
    expect(await round()).toBe(false);
  });

  test("a witness that has signed another size says so, and is asked again from there", async () => {
    await grow();
    const [ann] = witnesses as [TestWitness];
    ann.answer = (reply, body) => {
      if (body.startsWith("old 2\n"))
        return reply.end(ann.sign(body.slice(body.indexOf("\n\n") + 2)));
      reply.writeHead(409, { "content-type": "text/x.tlog.size" }).end("2\n");
    };
    await round("ann");
    expect((await shown()).by).toContain("ann");
  });

  test("one that has signed more than there is shows that this history is another", async () => {
    await grow();
    const [ann] = witnesses as [TestWitness];
    ann.answer = (reply) => reply.writeHead(409).end("9000000");
    const before = await shown();
    await round("ann");
    expect(await shown()).toEqual(before);
    expect((await faults())["ann"]).toMatch(/^it has signed 9000000 leaves, and this log has/);
  });

  // Attack: a witness, or whoever is in between, answers with anything at all.
  test.each<[string, NonNullable<TestWitness["answer"]>, RegExp]>([
    ["nothing", (reply) => reply.end(""), /holds no signature/],
    ["a page", (reply) => reply.end("<html>"), /holds no signature/],
    ["without end", (reply) => reply.end("x".repeat(50_000)), /no answer: the answer is too long/],
    [
      "a redirect",
      (reply) => reply.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
      /^no answer/,
    ],
    ["by hanging up", (reply) => reply.destroy(), /^no answer/],
    ["a refusal", (reply) => reply.writeHead(422).end(), /it answers 422/],
    ["a conflict each time", (reply) => reply.writeHead(409).end("1"), /each time/],
    ["a conflict without a size", (reply) => reply.writeHead(409).end("-1"), /it answers 409/],
  ])("a witness that answers %s has not signed", async (_, answer, fault) => {
    await grow();
    for (const witness of witnesses) witness.answer = answer;
    const before = await shown();
    await round();
    expect(await shown()).toEqual(before);
    expect((await faults())["ann"]).toMatch(fault);
  });

  test.each(["another's signature", "its own of another checkpoint"])(
    "%s counts for nothing",
    async (what) => {
      await grow();
      const [ann, bob] = witnesses as [TestWitness, TestWitness];
      ann.answer = (reply, body) => {
        const checkpoint = body.slice(body.indexOf("\n\n") + 2);
        reply.end(
          what.startsWith("another")
            ? bob.sign(checkpoint)
            : ann.sign(checkpoint.replace(/\n\d+\n/, "\n1\n")),
        );
      };
      const before = await shown();
      await round("ann");
      expect(await shown()).toEqual(before);
      expect((await faults())["ann"]).toBe("its signature does not hold");
      expect((await logLag(log.owner.db)).failingWitnesses).toContain("ann");
      ann.answer = null;
      nowMs += 1_000;
      await round("ann");
      expect((await faults())["ann"]).toBeNull();
      expect((await logLag(log.owner.db)).failingWitnesses).not.toContain("ann");
    },
  );

  test("what PostgreSQL could not keep is shown by the next round, without any news", async () => {
    await grow();
    const before = await shown();
    await log.owner.pool.query("alter table log_epoch rename published to away");
    await expect(round()).rejects.toThrow("published");
    await log.owner.pool.query("alter table log_epoch rename away to published");
    expect(await shown()).toEqual(before);
    await round();
    expect((await shown()).size).toBeGreaterThan(before.size);
  });

  test("one that fails is asked less and less often, and the others go on", async () => {
    const [ann] = witnesses as [TestWitness];
    ann.answer = refuses;
    for (let second = 0; second < 120; second += 1) {
      if (second % 40 === 0) await grow(1);
      await round();
      nowMs += 1_000;
    }
    // After 0, 1, 3, 7, 15, 31 and 63 seconds.
    expect(ann.asked).toHaveLength(7);
    expect((await shown()).by).toEqual(["bob", "cas"]);
  });
});

describe("without a quorum", () => {
  test("what is signed is shown at once, and with what witnesses sign when they have", async () => {
    log.services.needsWitnesses = false;
    await grow();
    const { size, by } = await shown();
    expect(by).toEqual([]);
    await round("none");
    expect(await shown()).toEqual({ size, by: ["ann", "bob", "cas"] });
  });

  test("what waited for witnesses is shown once none are needed any more", async () => {
    await grow();
    const before = await shown();
    log.services.needsWitnesses = false;
    await log.catchUp();
    expect((await shown()).size).toBeGreaterThan(before.size);
  });
});
