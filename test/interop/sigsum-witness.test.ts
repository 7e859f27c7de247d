import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findSigsum } from "../../scripts/sigsum.ts";
import { fromHex } from "../../src/contract/proofs/bytes.ts";
import { checkWitnesses } from "../../src/contract/proofs/cosignatures.ts";
import {
  COSIGNATURE_V1,
  formatVerifierKey,
  keyIdOf,
  parseNote,
  type VerifierKey,
} from "../../src/contract/proofs/note.ts";
import { parsePolicy, type WitnessPolicy } from "../../src/contract/proofs/policy.ts";
import { proofCrypto } from "../../src/platform/crypto/proof-crypto.ts";
import type { LogSigner } from "../../src/record/sequencer/log-key.ts";
import { sha256 } from "../../src/record/sequencer/log-tree.ts";
import { insertEpoch } from "../../src/record/sequencer/sequence-queries.ts";
import { WitnessPatience } from "../../src/record/witnesses/witness-patience.ts";
import { witnessRound } from "../../src/record/witnesses/witness-round.ts";
import { addBatches, startLog, type LogBench } from "../builders/log.ts";
import { startHarness, type Harness } from "../harness.ts";
import { freePort } from "../support/free-port.ts";

/* Debian's sigsum-witness knows nothing of us: what it signs, a witness of any transparency log signs. */

let h: Harness;
let log: LogBench;
let folder: string;
let witness: ChildProcess;
let policy: WitnessPolicy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-sigsum-"));
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  log.services.needsWitnesses = true;
  await begin(log);
  const port = await freePort();
  const key = await startSigsum(log.services.signer, port);
  policy = parsePolicy(
    sha256,
    `witness sigsum ${formatVerifierKey(key)} http://127.0.0.1:${port}\nquorum sigsum\n`,
  );
}, 60_000);
afterAll(async () => {
  witness.kill();
  await log.close();
  await h.stop();
  await rm(folder, { recursive: true });
});

const publicKeyOf = (signer: LogSigner) => Buffer.from(signer.verifierKey("any").publicKey);

/** It takes logs of one name only: that of their key. */
const originOf = (signer: LogSigner): string =>
  `sigsum.org/v1/tree/${createHash("sha256").update(publicKeyOf(signer)).digest("hex")}`;

async function begin({ services: { db, signer } }: LogBench): Promise<void> {
  const origin = originOf(signer);
  const verifierKey = formatVerifierKey(signer.verifierKey(origin));
  await db
    .transaction()
    .execute(async (tx) => await insertEpoch(tx, { epoch: 1, origin, verifierKey }));
}

/** A public key as OpenSSH writes it. */
function openSsh(publicKey: Buffer): string {
  const name = Buffer.from("ssh-ed25519");
  const length = (bytes: Uint8Array) => Buffer.from([0, 0, 0, bytes.length]);
  const blob = Buffer.concat([length(name), name, length(publicKey), publicKey]);
  return `ssh-ed25519 ${blob.toString("base64")} log\n`;
}

async function startSigsum(signer: LogSigner, port: number): Promise<VerifierKey> {
  const [keyFile, logKey] = [join(folder, "witness"), join(folder, "log.pub")];
  await writeFile(logKey, openSsh(publicKeyOf(signer)));
  execFileSync(findSigsum("sigsum-key"), ["generate", "-o", keyFile]);
  const hex = execFileSync(findSigsum("sigsum-key"), ["to-hex", "-k", `${keyFile}.pub`], {
    encoding: "utf8",
  }).trim();
  const publicKey = fromHex(hex) ?? new Uint8Array();
  const state = ["--state-file", join(folder, "state"), "--log-key", logKey];
  witness = spawn(
    findSigsum("sigsum-witness"),
    ["--signing-key", keyFile, ...state, `127.0.0.1:${port}`],
    // Debian builds it so that Go would fall back to a router that knows no methods.
    { env: { ...process.env, GODEBUG: "httpmuxgo121=0" }, stdio: "ignore" },
  );
  await vi.waitFor(async () => await reached(port), { timeout: 15_000, interval: 50 });
  const name = `sigsum.org/v1/witness/${createHash("sha256").update(publicKey).digest("hex")}`;
  const key = { name, type: COSIGNATURE_V1, publicKey };
  return { ...key, keyId: keyIdOf(sha256, key) };
}

async function reached(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

const askIn = async (bench: LogBench) =>
  await witnessRound(
    { db: bench.owner.db, log: pino({ level: "silent" }), policy },
    new WitnessPatience(),
  );

async function shownSize(): Promise<number> {
  const { body, statusCode } = await h.app.inject({ method: "GET", url: "/audit/checkpoint" });
  if (statusCode !== 200) return 0;
  expect(await checkWitnesses(proofCrypto, body, policy)).toMatchObject({ isMet: true });
  return Number(parseNote(body)?.text.split("\n")[1]);
}

async function faultIn(bench: LogBench): Promise<string | null> {
  const { rows } = await bench.owner.pool.query<{ fault: string | null }>(
    "select fault from log_witness",
  );
  return rows[0]?.fault ?? null;
}

test("it signs a log of ours, and each larger one that goes on from it", async () => {
  for (const [count, size] of [
    [1, 1],
    [299, 300],
    [1_000, 1_300],
  ] as const) {
    await addBatches(log.owner, h.services.keyRing, { count });
    await log.catchUp();
    await askIn(log);
    expect(await faultIn(log)).toBeNull();
    expect(await shownSize()).toBe(size);
  }
});

// Attack: whoever has database, anchor and key shows another history under the same name.
test.each([
  ["a forged one of more leaves", 1_500, "it answers 422"],
  ["a stale one", 200, "it has signed 1300 leaves, and this log has 200"],
])("it refuses %s", async (_, count, fault) => {
  const other = await startHarness({ isFiling: false });
  const forged = await startLog(other.database.ownerUrl, { keyRing: other.services.keyRing });
  forged.services.signer = log.services.signer;
  forged.services.needsWitnesses = true;
  await begin(forged);
  await addBatches(forged.owner, other.services.keyRing, { count });
  await forged.catchUp();
  await askIn(forged);
  expect(await faultIn(forged)).toBe(fault);
  const { statusCode } = await other.app.inject({ method: "GET", url: "/audit/checkpoint" });
  expect(statusCode).toBe(404);
  await forged.close();
  await other.stop();
});
